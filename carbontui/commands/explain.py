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
    text = "a scenario, such as gpt-3@a100, or a file with one or more"
    parser.add_argument("spec", metavar="SPEC|FILE", help=text)
    text = "such as energy, power or gross; default: gross CO2e"
    parser.add_argument("figure", nargs="?", metavar="FIGURE", help=text)
    text = "which carbon factors to use; default: those of the file, else as-published"
    parser.add_argument("--accounting", choices=ACCOUNTINGS, help=text)


def run(options: Namespace) -> int:
    """How a figure came about, of each scenario of a file."""
    from carbontui.engine.explanation import UnknownFigure, explain
    from carbontui.engine.scenario import ScenarioError
    from carbontui.engine.solver import fill
    from carbontui.questions import question_of
    from carbontui.text.explain import as_data, as_markdown, as_text, figure_key
    from carbontui.text.notes import missing_text

    question, _ = question_of([options.spec])
    catalogue, accounting = frame.open_catalogue(options), options.accounting or question.accounting
    explanations, unknown = [], list[str]()
    for scenario in question.scenarios:
        one = fill(scenario, catalogue, accounting)
        default = next(
            (key for key in ("gross_kgco2e", "net_kgco2e", "energy_kwh") if key in one.results), "energy_kwh"
        )
        wanted = figure_key(options.figure) if options.figure else default
        try:
            explanations.append(explain(one, wanted))
        except UnknownFigure as error:
            metric = next((name for name, key in METRICS.items() if key == wanted), "")
            lacks = missing_text(one, metric)
            unknown.append(f"{error}: {lacks}" if lacks else str(error))
    # Where none is known the last is the error.
    last = unknown.pop() if unknown and not explanations else ""
    for text in unknown:
        frame.say(f"carbontui: {text}")
    if last:
        raise ScenarioError(last)
    if options.format == "json":
        data = [as_data(one) for one in explanations]
        frame.write_data(options, data[0] if len(question.scenarios) == 1 else data)
    else:
        said = as_markdown if options.format == "markdown" else as_text
        frame.write_out(options, "\n".join(map(said, explanations)))
    return frame.OK
