"""`carbontui explain`: how a figure came about."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.quantities import ACCOUNTINGS, METRICS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json", "markdown")
EXAMPLE = "carbontui explain gpt-3@a100 energy"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("spec", metavar="SPEC", help="a scenario, such as gpt-3@a100")
    text = "such as energy, power or gross; default: gross CO2e"
    parser.add_argument("figure", nargs="?", metavar="FIGURE", help=text)
    text = "which carbon factors to use; default: %(default)s"
    parser.add_argument("--accounting", choices=ACCOUNTINGS, default="as-published", help=text)


def run(options: Namespace) -> int:
    """How a figure came about."""
    from carbontui.engine.explanation import UnknownFigure, explain
    from carbontui.engine.scenario import ScenarioError
    from carbontui.engine.solver import fill
    from carbontui.spec import parse_spec
    from carbontui.text.explain import as_data, as_markdown, as_text, figure_key
    from carbontui.text.notes import missing_text

    one = fill(parse_spec(options.spec), frame.open_catalogue(options), options.accounting)
    default = next((key for key in ("gross_kgco2e", "net_kgco2e", "energy_kwh") if key in one.results), "energy_kwh")
    wanted = figure_key(options.figure) if options.figure else default
    try:
        explanation = explain(one, wanted)
    except UnknownFigure as error:
        metric = next((name for name, key in METRICS.items() if key == wanted), "")
        lacks = missing_text(one, metric)
        raise ScenarioError(f"{error}: {lacks}" if lacks else str(error)) from error
    if options.format == "json":
        frame.write_data(options, as_data(explanation))
    else:
        frame.write_out(options, (as_markdown if options.format == "markdown" else as_text)(explanation))
    return frame.OK
