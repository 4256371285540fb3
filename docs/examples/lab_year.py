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
# Partition: type of GPU, sizes of jobs, W of a node for each GPU where nodes have meters, and how many jobs go there.
PARTITIONS = {
    "a100": ("a100", (1, 2, 4, 8), None, 35),
    "h100": ("h100", (4, 8, 16), 820.0, 15),
    "v100": ("v100", (1, 2, 4), None, 20),
    "l40s": ("l40s", (1, 2), None, 15),
    "cpu": ("", (0,), None, 15),
}
USERS = [(f"user{n:02}", ("nlp", "vision", "robotics", "climate")[n % 4]) for n in range(40)]
STATES = {"COMPLETED": 80, "FAILED": 9, "CANCELLED by 5021": 5, "TIMEOUT": 4, "OUT_OF_MEMORY": 2}
BEGIN, DAYS = datetime(2025, 1, 1), 365


def job(number: int, start: datetime, chance: random.Random) -> list[str]:
    """The lines of a job with its batch and extern steps."""
    partition = chance.choices(list(PARTITIONS), [one[3] for one in PARTITIONS.values()])[0]
    kind, sizes, watts, _ = PARTITIONS[partition]
    user, account = chance.choice(USERS)
    state = chance.choices(list(STATES), list(STATES.values()))[0]
    seconds = min(int(chance.lognormvariate(8.5, 1.5)) + 1, 7 * 86_400)
    gpus = chance.choice(sizes)
    cores, nodes = 16 * gpus or 32, max(1, gpus // 8)
    joules = int(gpus * (watts or 0) * seconds * chance.uniform(0.85, 1.1)) or ""
    days, rest = divmod(seconds, 86_400)
    elapsed = f"{f'{days}-' if days else ''}{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    end = start + timedelta(seconds=seconds)
    when = f"{start:%Y-%m-%dT%H:%M:%S}|{end:%Y-%m-%dT%H:%M:%S}|{elapsed}|{seconds}"
    gres = f"gres/gpu:{kind}={gpus},gres/gpu={gpus}," if gpus else ""
    tres = f"billing={cores},cpu={cores},{gres}mem={4 * cores}G,node={nodes}"
    used = f"gres/gpuutil={0 if chance.random() < 0.04 else chance.randint(1, 100) * gpus}," if gpus else ""
    return [
        f"{number}|train|{user}|{account}|{partition}|{state}|{when}|{tres}|{nodes}|{cores}||",
        f"{number}.batch|batch||{account}||{state}|{when}|cpu={cores}|1|{cores}|{joules}|cpu=00:10:00,{used}mem=9G",
        f"{number}.extern|extern||{account}||{state}|{when}|{tres}|{nodes}|{cores}|{joules}|cpu=00:00:00,mem=0",
    ]


def write(path: str, count: int, seed: int = 1) -> None:
    """Write the lines of `count` jobs that began one after the other in a year."""
    chance = random.Random(seed)
    with open(path, "w", encoding="utf-8") as file:
        file.write(COLUMNS + "\n")
        for number in range(count):
            start = BEGIN + timedelta(seconds=int((number + chance.random()) / count * DAYS * 86_400))
            file.write("\n".join(job(1000 + number, start, chance)) + "\n")


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
