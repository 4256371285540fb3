"""What logs of Slurm leave open of the machines in them, and what a cluster file answered of that before."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.runs import Runs
from carbontui.errors import FileError
from carbontui.importers.cluster import Cluster, read_cluster
from carbontui.importers.cluster_answers import Answers
from carbontui.importers.logs import add_logs
from carbontui.importers.reading import Reading
from carbontui.text.ledger_names import SLURM
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class LeftOpen(NamedTuple):
    """Partitions with runs on accelerators that nothing names, and how many, the most first; how many runs have cores
    of unknown power; and what was answered `before`."""

    nameless: Sequence[tuple[str, int]]
    powerless: int
    before: Answers = Answers()


def nameless(ledger: Ledger) -> list[tuple[str, int]]:
    """Partitions of Slurm with runs on accelerators that nothing names, and how many, the most first."""
    settings = list(ledger.runs.settings)
    of = np.array([one.tool == SLURM and one.chips is not None and not one.hardware for one in settings], bool)
    column = ledger.column("partition")
    rows = of[ledger.runs.setting_numbers] & np.isnan(ledger.values("energy_kwh"))
    counts = np.bincount(column.codes[rows], minlength=len(column.words)).tolist()
    found = [(word, count) for word, count in zip(column.words, counts, strict=True) if count]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def without_file(logs: Sequence[str], file: str, catalogue: Catalogue) -> LeftOpen:
    """What logs leave open where no cluster file says anything, and what a file said of it. Raises `FileError`."""
    runs = Runs()
    add_logs(runs, logs, Reading(catalogue, cluster=Cluster()), "slurm")
    ledger = Ledger(runs, catalogue)
    partitions = nameless(ledger)
    powerless = ledger.account(metric="energy").lacks.powerless
    try:
        cluster = read_cluster(file, catalogue)
    except FileError:
        # A file that cannot be read answered nothing.
        return LeftOpen(partitions, powerless)
    watts = cluster.every.watts_per_core
    hardware = {name: known for name, _ in partitions if (known := cluster.partition(name).hardware)}
    return LeftOpen(
        partitions, powerless, Answers(cluster.every.region, "" if watts is None else f"{watts:g} W", hardware)
    )
