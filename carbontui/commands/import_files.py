"""`carbontui import`: what other tools wrote, as a comparison; what they do not say stays unknown."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager

from carbontui.commands import frame
from carbontui.errors import EmptyFile, WrongUse
from carbontui.files import is_named_pipe
from carbontui.formats import FORMATS as ALL_FORMATS
from carbontui.importers import IMPORTERS, none_of, read_files
from carbontui_registry.text import clean, did_you_mean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from carbontui.importers.reading import Progress, Reading
    from carbontui_registry.catalogue import Catalogue

FORMATS = tuple(ALL_FORMATS)
EXAMPLE = "carbontui import codecarbon emissions.csv"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    kinds = f"a KIND may go before them, otherwise it is detected: {', '.join(IMPORTERS)}"
    add("files", nargs="+", metavar="[KIND] FILE", help=f"logs to read, - for standard input; {kinds}")
    add("--each", action="store_true", help="one scenario per run instead of one per project or account")
    add_reading(parser)
    add("--scaffold", action="store_true", help="for Slurm: print a cluster file to fill in, with the partitions found")


def add_reading(parser: ArgumentParser) -> None:
    """The options of reading logs, which `ledger` has too."""
    add = parser.add_argument
    add(
        "--cluster",
        metavar="FILE",
        help="for Slurm: a TOML file that describes the partitions; default: cluster.toml in the folder of each log",
    )
    add("--interval", metavar="T", help="for nvidia-smi logs without times: the time between samples, such as 1s")
    text = "if an interrupted write damaged a file, keep the rows before the damage"
    add("--partial", action="store_true", help=text)


def kind_and_files(words: list[str]) -> tuple[str | None, list[str]]:
    """The KIND, where the first word is one and no file is called so, and the files. Raises `WrongUse`."""
    if words[0] not in IMPORTERS or (len(words) == 1 and os.path.exists(words[0])):
        if (
            len(words) > 1
            and re.fullmatch(r"[a-z0-9-]+", words[0])
            and words[0] != "-"
            and not os.path.exists(words[0])
        ):
            hint = did_you_mean(words[0], IMPORTERS)
            raise WrongUse(f"{words[0]!r} is neither a file nor a kind{hint}; kinds are {listed(IMPORTERS)}")
        return None, words
    if len(words) == 1:
        raise WrongUse(f"{words[0]}: give a FILE to read as well")
    return words[0], words[1:]


def say_what_waits(files: list[str]) -> None:
    """A pipe without a writer is waited for, as every command does; nobody should have to guess why nothing happens."""
    for path in files:
        if is_named_pipe(path):
            frame.say(f"carbontui: {clean(path)}: a pipe, read until its writer closes it")


def reading_of(options: Namespace, catalogue: Catalogue, progress: Progress | None) -> Reading:
    """How to read, as the options say. Raises `FileError` and `WrongUse`."""
    from carbontui.importers.cluster import read_cluster
    from carbontui.importers.reading import Reading

    if options.cluster == "":
        raise WrongUse("--cluster '': needs a file name")
    hours = frame.amount("--interval", options.interval, "duration", "s")
    if hours == 0:
        raise WrongUse("--interval: must be more than 0")
    return Reading(
        catalogue,
        each=getattr(options, "each", False),
        progress=progress,
        partial=options.partial,
        interval=None if hours is None else hours * 3600,
        cluster=read_cluster(options.cluster, catalogue) if options.cluster is not None else None,
    )


def clusters_found(options: Namespace, reading: Reading) -> list[str]:
    """Which cluster file was taken for which log, where nobody said."""
    from carbontui.importers.beside import said_of_clusters

    return said_of_clusters(reading) if options.cluster is None else []


def run(options: Namespace) -> int:
    """What other tools wrote, as a comparison."""
    from carbontui.engine.comparison import Question, compare

    kind, files = kind_and_files(options.files)
    catalogue = frame.open_catalogue(options)
    if kind is not None:
        say_what_waits(files)
    with read_with_progress() as progress:
        reading = reading_of(options, catalogue, progress)
        if options.scaffold:
            return _scaffold(options, kind, files, reading)
        scenarios = read_files(kind, files, reading)
    noted = [f"{one.name}: {one.note}" for one in scenarios if one.note]
    # Every other format has the notes in it.
    said = noted[:20] if options.format == "table" else []
    for text in [*said, *clusters_found(options, reading), *reading.warnings]:
        frame.say(f"carbontui: {text}")
    if options.format == "table" and len(noted) > len(said):
        more = len(noted) - len(said)
        frame.say(f"carbontui: and notes on {more:,} more {'scenario' if more == 1 else 'scenarios'}")
    frame.write_comparison(options, compare(Question(scenarios), catalogue), catalogue)
    return frame.OK


@contextmanager
def read_with_progress() -> Iterator[Progress | None]:
    """What shows on a terminal how far a file was read; gone when it was."""

    def progress(path: str, done: int, total: int) -> None:
        share = f"{100 * done // total} %" if total else f"{done >> 20} MiB"
        print(f"\r\x1b[Kreading {clean(path)}: {share}", end="", file=sys.stderr, flush=True)

    watched = sys.stderr.isatty()
    try:
        yield progress if watched else None
    finally:
        if watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _scaffold(options: Namespace, kind: str | None, files: list[str], reading: Reading) -> int:
    from carbontui.importers.cluster import scaffold
    from carbontui.importers.slurm import seen

    if kind not in (None, "slurm"):
        raise WrongUse(f"--scaffold is for slurm; {kind} has no partitions")
    partitions: dict[str, dict[str, int]] = {}
    known: dict[str, str] = {}
    empty: list[EmptyFile] = []
    for path in files:
        try:
            found, hardware = seen(path, reading)
        except EmptyFile as error:
            empty.append(error)
            continue
        known |= hardware
        for name, counts in found.items():
            of = partitions.setdefault(name, {})
            for one, count in counts.items():
                of[one] = of.get(one, 0) + count
    if empty and len(empty) == len(files):
        raise none_of(empty)
    for nothing in empty:
        frame.say(f"carbontui: {nothing}; left out")
    frame.write_out(options, scaffold(partitions, known))
    return frame.OK
