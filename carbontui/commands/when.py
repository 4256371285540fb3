"""`carbontui when`: the best start in a scenario's region."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.quantities import ACCOUNTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table",)
EXAMPLE = "carbontui when t5@@gcp:us-central1"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("spec", metavar="SPEC")
    text = "which carbon factors are used; default: %(default)s"
    parser.add_argument("--accounting", choices=ACCOUNTINGS, default="as-published", help=text)


def run(options: Namespace) -> int:
    """The best start in a scenario's region."""
    from carbontui.engine.best_start import when
    from carbontui.engine.solver import fill
    from carbontui.spec import parse_spec
    from carbontui.text.best_start import lines

    catalogue = frame.open_catalogue(options)
    one = fill(parse_spec(options.spec), catalogue, options.accounting)
    frame.write_out(options, "\n".join(lines(one, when(one, catalogue))) + "\n")
    return frame.OK
