"""Which cluster file holds for which log of Slurm."""

from __future__ import annotations

import os

from carbontui.importers.cluster import Cluster, read_cluster
from carbontui.importers.reading import Reading
from carbontui_registry.text import clean, listed

# A file of this name beside a log of Slurm says what its partitions are.
BESIDE = "cluster.toml"
_LOGS_NAMED = 3


def cluster_of(log: str, reading: Reading) -> Cluster:
    """The cluster that a log is of: by the file that was given for all, else by the one beside the log, else nothing is
    known of it. Raises `FileError`."""
    cluster = reading.cluster
    if cluster is None:
        beside = os.path.join(os.path.dirname(log), BESIDE)
        # Standard input has no folder.
        if log == "-" or not os.path.isfile(beside):
            return Cluster()
        cluster = reading.clusters.get(beside)
        if cluster is None:
            cluster = reading.clusters[beside] = read_cluster(beside, reading.catalogue)
    return cluster


def said_of_clusters(reading: Reading) -> list[str]:
    """Which cluster file was taken for which logs."""
    lines = []
    for file, logs in reading.described.items():
        more = len(logs) - _LOGS_NAMED
        named = [clean(log) for log in logs[:_LOGS_NAMED]] + ([f"{more:,} more"] if more > 0 else [])
        lines.append(f"{listed(named)}: {'uses' if len(logs) == 1 else 'use'} cluster file {clean(file)}")
    return lines
