"""What is measured inside one process: the arithmetic of one scenario and of many, and what an install weighs."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

# Digits behind the point, by unit.
DIGITS = {"x": 2, "s": 3, "MiB": 0, "million a second": 0, "distributions": 0, "bytes a run": 0}
SCENARIO = {
    "compute": 3.14e23,
    "chips": 10_000.0,
    "throughput": 2.46e13,
    "power": 330.0,
    "pue": 1.1,
    "gross": 429.0,
    "net": 429.0,
}
# A sweep of so many machines and places; the larger one is looked at for its memory only.
MACHINES, PLACES = 20_000, 500
MEMORY_MACHINES = 200_000
CODECARBON = """
import logging, time
logging.disable(logging.CRITICAL)
from codecarbon import OfflineEmissionsTracker
begun = time.perf_counter()
tracker = OfflineEmissionsTracker(country_iso_code="USA", save_to_file=False, log_level="critical")
tracker.start()
tracker.stop()
print(time.perf_counter() - begun)
"""
MEMORY = f"""
import numpy as np
from carbontui.engine.sweep import Part, blocks

def peak():
    # The kernel's own mark of this program; getrusage would give that of the process which it was forked from.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

rng = np.random.default_rng(1)
machines, places = {MEMORY_MACHINES}, {PLACES}
part = Part(rng.random(machines), rng.random(machines), *(1 + rng.random((3, places))))
least, cells = float("inf"), 0
for block in blocks(part):
    least = min(least, float(block.gross.min()))
    cells += block.gross.size
assert cells == {MEMORY_MACHINES * PLACES}
print(peak())
"""


def seconds(one: Callable[[], object]) -> float:
    """Wall seconds of a call."""
    begun = time.perf_counter()
    one()
    return time.perf_counter() - begun


def in_turn(runs: int, one: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Medians of two calls taken alternately, after one of each that does not count."""
    one(), floor()
    pairs = [(seconds(one), seconds(floor)) for _ in range(runs)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def by_hand(known: dict[str, float]) -> tuple[float, float, float, float, float]:
    """The five results of a scenario as one would write them down."""
    hours = known["compute"] / (known["chips"] * known["throughput"]) / 3600
    it_energy = hours * known["chips"] * known["power"] / 1000
    gross = it_energy * (known["pue"] * known["gross"] / 1000)
    net = it_energy * (known["pue"] * known["net"] / 1000)
    return hours, it_energy, it_energy * known["pue"], gross, net


def footprint_rows(*, quick: bool) -> Iterator[tuple[str, str, float, str]]:
    """One footprint in microseconds, over the same by hand, and over CodeCarbon's first figure where that is there."""
    from carbontui.engine.footprint import footprint

    calls = 20_000

    def many(function: Callable[[dict[str, float]], object]) -> None:
        for _ in range(calls):
            function(SCENARIO)

    one, floor = in_turn(5 if quick else 15, lambda: many(footprint), lambda: many(by_hand))
    yield "one footprint in-process", "the clock", 1e6 * one / calls, "µs"
    yield "one footprint in-process", "its five products by hand in Python", one / floor, "x"
    if importlib.util.find_spec("codecarbon") is not None:
        made = subprocess.run([sys.executable, "-c", CODECARBON], capture_output=True, text=True, check=True)
        first = float(made.stdout.split()[-1])
        yield "one footprint in-process", "CodeCarbon's first figure", one / calls / first, "x"


def sweep_rows(*, quick: bool) -> Iterator[tuple[str, str, float, str]]:
    """Products a second of a sweep over those by hand in NumPy, and the memory of a sweep ten times larger."""
    import numpy as np

    from carbontui.engine.sweep import Part, blocks

    rng = np.random.default_rng(1)
    duration, it_energy = rng.random(MACHINES), rng.random(MACHINES)
    pue, gross, net = 1 + rng.random((3, PLACES))
    part = Part(duration, it_energy, pue, gross, net)

    def sweep() -> float:
        return min(float(block.gross.min()) for block in blocks(part))

    def numpy() -> float:
        energy = np.multiply.outer(it_energy, pue)
        gross_co2e = np.multiply.outer(it_energy, pue * gross / 1000)
        net_co2e = np.multiply.outer(it_energy, pue * net / 1000)
        assert energy.shape == net_co2e.shape
        return float(gross_co2e.min())

    def numpy_in_chunks() -> float:
        rows, least = 262, float("inf")
        out = [np.empty((rows, PLACES)) for _ in range(3)]
        by_kwh = (pue, pue * gross / 1000, pue * net / 1000)
        for start in range(0, MACHINES, rows):
            some = it_energy[start : start + rows, None]
            made = [np.multiply(some, f, out=b[: len(some)]) for f, b in zip(by_kwh, out, strict=True)]
            least = min(least, float(made[1].min()))
        return least

    assert sweep() == numpy() == numpy_in_chunks()
    runs = 5 if quick else 15
    cells = MACHINES * PLACES
    one, floor = in_turn(runs, sweep, numpy)
    yield f"sweep of {cells:,} scenarios", "the clock", cells / one / 1e6, "million a second"
    yield f"speed of a sweep of {cells:,} scenarios", "whole products by hand in NumPy", floor / one, "x"
    one, floor = in_turn(runs, sweep, numpy_in_chunks)
    yield f"speed of a sweep of {cells:,} scenarios", "the same in chunks by hand in NumPy", floor / one, "x"
    made = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    yield f"peak memory of a sweep of {MEMORY_MACHINES * PLACES:,}", "Python and NumPy in it", float(made.stdout), "MiB"


def registry_rows(*, quick: bool) -> Iterator[tuple[str, str, float, str]]:
    """The whole product of everything registered: filled in, and looked at."""
    from carbontui.engine.scenario import Scenario
    from carbontui.engine.sweep import Sweep, SweepQuestion
    from carbontui_registry.cache import open_catalogue

    catalogue = open_catalogue()
    models = tuple(Scenario(model=model.id) for model in catalogue.all("model"))
    question = SweepQuestion(models, regions=("*",))
    made = Sweep(question, catalogue)
    cells = len(made.machines) * len(made.places)
    what = f"every registered model x hardware x region, {cells:,} cells"
    runs = 1 if quick else 3
    ready = statistics.median(seconds(lambda: Sweep(question, catalogue)) for _ in range(runs))
    look = statistics.median(seconds(lambda: made.survey(10)) for _ in range(runs + 2))
    yield f"{what}: ready", "the clock", ready, "s"
    yield f"{what}: best and Pareto front", "the clock", look, "s"


def installed_rows() -> Iterator[tuple[str, str, float, str]]:
    """What `pip install carbontui` brings."""
    wanted, seen = ["carbontui"], set()
    size = 0
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if name in seen:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        seen.add(name)
        for file in distribution.files or ():
            path = file.locate()
            if path.is_file() and "__pycache__" not in file.parts:  # type: ignore[union-attr]
                size += path.stat().st_size  # type: ignore[union-attr]
        for line in distribution.requires or ():
            if "extra ==" not in line:
                wanted.append(re.match(r"[\w.-]+", line)[0])  # type: ignore[index]
    yield "installed size, without bytecode", "peers: 14 to 398 MiB", size / 2**20, "MiB"
    yield "installed by pip", "the count", float(len(seen)), "distributions"
