"""`carbontui when`: the best start in a scenario's region."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.quantities import ACCOUNTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json", "markdown")
EXAMPLE = "carbontui when t5@@gcp:us-central1"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    text = "scenarios; default: list the regions and grids that have an hourly profile"
    parser.add_argument("specs", nargs="*", metavar="SPEC|FILE", help=text)
    text = "which carbon factors to use; default: %(default)s"
    parser.add_argument("--accounting", choices=ACCOUNTINGS, default="as-published", help=text)


def run(options: Namespace) -> int:
    """The best start in each scenario's region, or which regions have a profile."""
    from carbontui.engine.best_start import profiles, when
    from carbontui.engine.comparison import fill_all
    from carbontui.questions import question_of
    from carbontui.text.best_start import (
        as_data,
        as_markdown,
        lines,
        profiles_data,
        profiles_markdown,
        profiles_table,
    )

    catalogue = frame.open_catalogue(options)
    if not options.specs:
        known = profiles(catalogue)
        if options.format == "json":
            frame.write_data(options, profiles_data(known))
        elif options.format == "markdown":
            frame.write_out(options, profiles_markdown(known))
        else:
            frame.write_out(options, profiles_table(known, frame.terminal_width(options)))
        return frame.OK
    question, _ = question_of(options.specs)
    filled = fill_all(question.replace(accounting=options.accounting), catalogue)
    found = [(one, when(one, catalogue)) for one in filled]
    if options.format == "json":
        frame.write_data(options, [as_data(one, start) for one, start in found])
    elif options.format == "markdown":
        frame.write_out(options, "\n".join(as_markdown(one, start) for one, start in found))
    else:
        frame.write_out(options, "\n\n".join("\n".join(lines(one, start)) for one, start in found) + "\n")
    return frame.OK
