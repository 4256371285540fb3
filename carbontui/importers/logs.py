"""Logs into one ledger: each is added to those before, and what two of them hold counts once."""

from __future__ import annotations

import filecmp

from carbontui.engine.ledger.runs import Runs
from carbontui.errors import EmptyFile
from carbontui.importers import kind_to_read, none_of, read_entries
from carbontui.importers.beside import cluster_of
from carbontui.importers.reading import Reading, shown
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Added(NamedTuple):
    """What a log brought: how many runs, how many of them logs before it had too, and the log that it is a copy of."""

    path: str
    runs: int
    twice: int = 0
    copy_of: str = ""


def add_log(runs: Runs, path: str, reading: Reading, before: Sequence[str], kind: str | None = None) -> Added:
    """Add the runs of a log to those of the logs before it. Raises `FileError`, after which `runs` holds a part of it.

    Of a run that two logs hold the later one counts. Runs are told by the ids that Slurm, CodeCarbon and Eco2AI give
    them; a file with the very bytes of another is left out as a whole, unless they are of clusters with other names.
    """
    kind = kind or kind_to_read(path)
    copies = (one for one in before if _same(one, path) and not _of_two_clusters(one, path, reading, kind))
    if (other := next(copies, None)) is not None:
        return Added(path, 0, copy_of=other)
    there = len(runs)
    twice = runs.add(read_entries(kind, path, reading))
    return Added(path, len(runs) - there, twice)


def add_logs(runs: Runs, paths: Sequence[str], reading: Reading, kind: str | None = None) -> list[Added]:
    """Add the runs of several logs, each after those before. Raises `FileError`.

    A log that is empty is left out, which `reading` then says; where no log has anything in it, that is the error.
    """
    added: list[Added] = []
    empty: list[EmptyFile] = []
    for path in paths:
        try:
            added.append(add_log(runs, path, reading, [one.path for one in added if not one.copy_of], kind))
        except EmptyFile as error:
            empty.append(error)
    if empty and not added:
        raise none_of(empty)
    reading.empty += empty
    return added


def _same(one: str, other: str) -> bool:
    if "-" in (one, other):
        return False
    try:
        return filecmp.cmp(one, other, shallow=False)
    except (OSError, ValueError):
        # What cannot be read is said when it is read.
        return False


def _of_two_clusters(one: str, other: str, reading: Reading, kind: str) -> bool:
    return kind == "slurm" and cluster_of(one, reading).name != cluster_of(other, reading).name


def said_of(added: Added) -> str | None:
    """What one should know of a log that holds what others do; None where it does not."""
    if added.copy_of:
        return f"{shown(added.path)}: left out, because it is the same file as {shown(added.copy_of)}"
    if added.twice:
        runs = "run is" if added.twice == 1 else "runs are"
        return f"{shown(added.path)}: {added.twice:,} {runs} also in an earlier log, and counted once"
    return None
