"""`carbontui import`: what other tools wrote, as a comparison; what they do not say stays unknown."""

from __future__ import annotations

import sys

from carbontui.commands import frame
from carbontui.errors import WrongUse
from carbontui.formats import FORMATS as ALL_FORMATS
from carbontui.importers import IMPORTERS, read_files
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = tuple(ALL_FORMATS)
EXAMPLE = "carbontui import codecarbon emissions.csv"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add("kind", choices=tuple(IMPORTERS), metavar="KIND", help=", ".join(IMPORTERS))
    add("files", nargs="+", metavar="FILE", help="- is standard input")
    add("--each", action="store_true", help="of CodeCarbon: one scenario a run, not one a project")


def run(options: Namespace) -> int:
    """What other tools wrote, as a comparison."""
    from carbontui.engine.comparison import Question, compare
    from carbontui.importers.reading import Reading

    if options.each and options.kind != "codecarbon":
        raise WrongUse(f"--each is for codecarbon; {options.kind} has no runs to take apart")

    def progress(path: str, done: int, total: int) -> None:
        share = f"{100 * done // total} %" if total else f"{done >> 20} MiB"
        print(f"\r\x1b[Kreading {clean(path)}: {share}", end="", file=sys.stderr, flush=True)

    catalogue = frame.open_catalogue(options)
    watched = sys.stderr.isatty()
    reading = Reading(catalogue, each=options.each, progress=progress if watched else None)
    try:
        scenarios = read_files(options.kind, options.files, reading)
    finally:
        if watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    noted = [f"{one.name}: {one.note}" for one in scenarios if one.note]
    # Every other format has the notes in it.
    said = noted[:20] if options.format == "table" else reading.warnings
    for text in said:
        frame.say(f"carbontui: {text}")
    if options.format == "table" and len(noted) > len(said):
        frame.say(f"carbontui: and notes on {len(noted) - len(said):,} more")
    frame.write_comparison(options, compare(Question(scenarios), catalogue), catalogue)
    return frame.OK
