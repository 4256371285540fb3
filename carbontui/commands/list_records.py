"""`carbontui list`: what is registered."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui_registry.plugin import PLURAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json", "csv")
EXAMPLE = "carbontui list hardware a100"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("kind", choices=tuple(PLURAL.values()))
    parser.add_argument(
        "words", nargs="*", metavar="WORDS", help="only what has all these words in its id, name or hardware"
    )


def run(options: Namespace) -> int:
    """What is registered of one kind."""
    from carbontui.text.records import list_row, list_table, name_of

    catalogue = frame.open_catalogue(options)
    kind = next(kind for kind, plural in PLURAL.items() if plural == options.kind)
    words = [word.lower() for word in options.words]
    found = [
        r
        for r in catalogue.all(kind)
        if all(w in f"{r.id} {name_of(r.record)} {getattr(r.record, 'hardware', '')} {r.origin}".lower() for w in words)
    ]
    if options.format == "json":
        frame.write_data(options, [list_row(r) for r in found])
    elif options.format == "csv":
        from carbontui.formats.csv_file import table

        # Every key that a record of the kind has, so that the columns do not depend on the words.
        columns = dict.fromkeys(key for r in catalogue.all(kind) for key in list_row(r))
        frame.write_out(options, table(columns, [list_row(r) for r in found]))
    else:
        frame.write_out(options, list_table(kind, found, frame.terminal_width(options)))
        if not found:
            frame.say(f"carbontui: no {options.kind} with {' '.join(options.words)!r}")
    return frame.OK
