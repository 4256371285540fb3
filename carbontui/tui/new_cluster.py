"""A cluster file made from what logs of Slurm say and what a person says of the cluster, or one that is there with
these answers in it."""

from __future__ import annotations

import os.path

from carbontui.files import read_text
from carbontui.formats.files import write
from carbontui.importers.beside import BESIDE
from carbontui.importers.cluster import scaffold
from carbontui.importers.cluster_answers import Answers, answered
from carbontui.importers.reading import Reading
from carbontui.importers.slurm import seen
from carbontui_registry.catalogue import Catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def beside_log(log: str) -> str:
    """The path of the cluster file beside a log."""
    return os.path.join(os.path.dirname(log), BESIDE)


def describe_clusters(
    files: Mapping[str, Sequence[str]], answers: Answers, catalogue: Catalogue, *, replace: bool
) -> list[str]:
    """Write the answers into cluster files, each with the logs that it is for; what a file says stays as it is, or
    gives way where `replace` is set. Returns those that were written. Raises `FileError`."""
    texts = {}
    for path, logs in files.items():
        partitions, known = _seen(logs, catalogue)
        fresh = replace or not os.path.lexists(path)
        text = scaffold(partitions, known, answers.region) if fresh else read_text(path)
        changed = answered(path, text, answers, partitions, known)
        if replace or changed != text or (fresh and answers.region):
            texts[path] = changed
    for path, text in texts.items():
        write(path, text, force=True)
    return list(texts)


def _seen(logs: Sequence[str], catalogue: Catalogue) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """The partitions of some logs with their jobs by type of accelerator, and what each type is taken for."""
    partitions: dict[str, dict[str, int]] = {}
    known: dict[str, str] = {}
    for log in logs:
        found, types = seen(log, Reading(catalogue))
        known |= types
        for name, kinds in found.items():
            of = partitions.setdefault(name, {})
            for kind, jobs in kinds.items():
                of[kind] = of.get(kind, 0) + jobs
    return partitions, known
