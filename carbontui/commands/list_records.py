"""`carbontui list`: what is registered."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui_registry.plugin import PLURAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json", "csv")
EXAMPLE = "carbontui list hardware nvidia 'tdp>500 W' 'memory>=100 GiB' 'year>=2023'"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("kind", choices=tuple(PLURAL.values()), metavar="KIND", help=", ".join(PLURAL.values()))
    text = "only records that have these words in their id or name, or fit conditions such as 'tdp>500 W' or country:de"
    parser.add_argument("words", nargs="*", metavar="WORDS", help=text)


def run(options: Namespace) -> int:
    """What is registered of one kind."""
    from carbontui.text.filters import matching
    from carbontui.text.records import in_line, list_row, list_table

    catalogue = frame.open_catalogue(options)
    kind = next(kind for kind, plural in PLURAL.items() if plural == options.kind)
    every = [in_line(r, catalogue) for r in catalogue.all(kind)]
    found = matching(every, options.words, catalogue)
    if options.format == "json":
        frame.write_data(options, [list_row(r) for r in found])
    elif options.format == "csv":
        from carbontui.formats.csv_file import table

        # Every key that a record of the kind has, so that the columns do not depend on the words.
        columns = dict.fromkeys(key for r in every for key in list_row(r))
        frame.write_out(options, table(columns, [list_row(r) for r in found]))
    else:
        frame.write_out(options, list_table(kind, found, frame.terminal_width(options)))
        if not found:
            asked = f" for {' '.join(options.words)!r}" if options.words else ""
            frame.say(f"carbontui: no {options.kind} found{asked}")
    return frame.OK
