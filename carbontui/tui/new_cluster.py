"""A cluster file made from what a log of Slurm says and where a person says that it ran."""

from __future__ import annotations

import os.path

from carbontui.formats.files import write
from carbontui.importers.beside import BESIDE
from carbontui.importers.cluster import scaffold
from carbontui.importers.reading import Reading
from carbontui.importers.slurm import seen
from carbontui_registry.catalogue import Catalogue


def beside_log(log: str) -> str:
    """The path of the cluster file beside a log."""
    return os.path.join(os.path.dirname(log), BESIDE)


def describe_cluster(log: str, region: str, catalogue: Catalogue, *, replace: bool) -> str:
    """The path of the file written beside the log. Raises `FileError`, also where there is one that is not to be
    replaced."""
    partitions, known = seen(log, Reading(catalogue))
    path = beside_log(log)
    write(path, scaffold(partitions, known, region), force=replace)
    return path
