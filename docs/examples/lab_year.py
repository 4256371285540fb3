"""A made-up year of a lab, as `sacct -P` prints it: five partitions, jobs with their steps.

python lab_year.py jobs.txt 50000
"""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta

COLUMNS = (
    "JobID|JobName|User|Account|Partition|State|Start|End|Elapsed|ElapsedRaw|AllocTRES|NNodes|NCPUS|ConsumedEnergyRaw"
    "|TRESUsageInAve"
)
# Partition: type of GPU, sizes of jobs, W of a node for each GPU where the node has a meter, and how many jobs go there.
PARTITIONS = {
    "a100": ("a100", (1, 2, 4, 8), None, 35),
    "h100": ("h100", (4, 8, 16), 820.0, 15),
    "v100": ("v100", (1, 2, 4), None, 20),
    "l40s": ("l40s", (1, 2), None, 15),
    "cpu": ("", (0,), None, 15),
}
USERS = [(f"user{n:02}", ("nlp", "vision", "robotics", "climate")[n % 4]) for n in range(40)]
STATES = {"COMPLETED": 80, "FAILED": 9, "CANCELLED by 5021": 5, "TIMEOUT": 4, "OUT_OF_MEMORY": 2}


def jobs(count: int, seed: int = 1) -> list[str]:
    """The lines of `count` jobs that began in 2025, each with its batch and extern steps."""
    chance = random.Random(seed)
    begin, lines = datetime(2025, 1, 1), []
    names, weights = list(PARTITIONS), [one[3] for one in PARTITIONS.values()]
    for number in range(count):
        start = begin + timedelta(seconds=int((number + chance.random()) / count * 365 * 86_400))
        partition = chance.choices(names, weights)[0]
        kind, sizes, watts, _ = PARTITIONS[partition]
        user, account = chance.choice(USERS)
        state = chance.choices(list(STATES), list(STATES.values()))[0]
        seconds = min(int(chance.lognormvariate(8.5, 1.5)) + 1, 7 * 86_400)
        if state == "FAILED":
            seconds = seconds // 10 + 1
        gpus = chance.choice(sizes)
        cores = 16 * gpus or 32
        nodes = max(1, gpus // 8)
        joules = f"{int(gpus * (watts or 0) * seconds * chance.uniform(0.85, 1.1)) or ''}"
        end = start + timedelta(seconds=seconds)
        days, rest = divmod(seconds, 86_400)
        elapsed = f"{f'{days}-' if days else ''}{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
        tres = (
            f"billing={cores},cpu={cores},{f'gres/gpu:{kind}={gpus},gres/gpu={gpus},' if gpus else ''}mem={4 * cores}G"
        )
        when = f"{start:%Y-%m-%dT%H:%M:%S}|{end:%Y-%m-%dT%H:%M:%S}|{elapsed}|{seconds}"
        used = f"gres/gpuutil={0 if chance.random() < 0.04 else chance.randint(1, 100) * gpus}," if gpus else ""
        head = (
            f"{1000 + number}|train|{user}|{account}|{partition}|{state}|{when}|{tres},node={nodes}|{nodes}|{cores}||"
        )
        batch = f"{1000 + number}.batch|batch||{account}||{state}|{when}|cpu={cores}|1|{cores}|{joules}|cpu=00:10:00,{used}mem=9G"
        extern = f"{1000 + number}.extern|extern||{account}||{state}|{when}|{tres}|{nodes}|{cores}|{joules}|cpu=00:00:00,mem=0"
        lines += [head, batch, extern]
    return lines


if __name__ == "__main__":
    path, count = sys.argv[1], int(sys.argv[2])
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([COLUMNS, *jobs(count)]) + "\n")
