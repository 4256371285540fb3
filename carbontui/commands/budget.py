"""`carbontui budget`: what a budget affords of a scenario."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.errors import WrongUse
from carbontui.quantities import ACCOUNTINGS
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json")
EXAMPLE = "carbontui budget gpt-3@a100 --gross '5 tCO2e'"


class Limit(NamedTuple):
    """An option that says how much there is: of which metric, in which kind of unit, and the unit of a bare number,
    empty where it needs one."""

    metric: str
    kind: str
    unit: str
    metavar: str
    example: str


LIMITS = {
    "gross": Limit("gross", "co2e", "", "CO2E", "a budget of gross CO2e with its unit, such as '5 tCO2e'"),
    "net": Limit("net", "co2e", "", "CO2E", "a budget of net CO2e with its unit, such as '5 tCO2e'"),
    "energy": Limit("energy", "energy", "", "E", "a budget of energy with its unit, such as '100 MWh'"),
    "days": Limit("duration", "duration", "d", "D", "a budget of days, such as 30"),
}


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("spec", metavar="SPEC|FILE", help="a scenario, or a file with one or more")
    most = parser.add_mutually_exclusive_group(required=True)
    for name, limit in LIMITS.items():
        most.add_argument(f"--{name}", metavar=limit.metavar, help=limit.example)
    text = "ids or globs such as 'gcp:*'; default: all datacenters"
    parser.add_argument("--region", nargs="+", default=[], metavar="R", help=text)
    text = "which carbon factors to use; default: lifecycle"
    parser.add_argument("--accounting", choices=ACCOUNTINGS, help=text)


def run(options: Namespace) -> int:
    """What a budget affords of a scenario; 1 where the scenario exceeds it."""
    from carbontui.engine.budget import afford, held_to
    from carbontui.engine.selection import chosen
    from carbontui.questions import question_of
    from carbontui.text.budget import as_data, as_text

    name = next(name for name in LIMITS if getattr(options, name) is not None)
    limit = LIMITS[name]
    most = frame.amount(f"--{name}", getattr(options, name), limit.kind, limit.unit)
    if not most:
        raise WrongUse(f"--{name}: must be more than 0")
    catalogue = frame.open_catalogue(options)
    question, _ = question_of([options.spec])
    regions = chosen(catalogue, "region", options.region)
    accounting = options.accounting or "lifecycle"
    held = [held_to(scenario, limit.metric, catalogue, accounting) for scenario in question.scenarios]
    budgets = [afford(one, limit.metric, most, catalogue, regions, accounting, own) for one, own in held]
    if options.format == "json":
        data = [as_data(budget) for budget in budgets]
        frame.write_data(options, data[0] if len(data) == 1 else data)
    else:
        width = frame.terminal_width(options)
        frame.write_out(options, "\n".join(as_text(budget, width) for budget in budgets))
    exceeded = [budget.scenario.name for budget in budgets if budget.share < 1]
    for name in exceeded:
        frame.say(f"carbontui: {name} exceeds the budget")
    return frame.DOES_NOT_HOLD if exceeded else frame.OK
