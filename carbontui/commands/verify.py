"""`carbontui verify`: the paper recomputed, and estimates held against published runs."""

from __future__ import annotations

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from carbontui_registry.catalogue import Catalogue

FORMATS = ("table", "json", "markdown")
EXAMPLE = "carbontui verify --estimates"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    text = "show how far off estimates are: each published run predicted from the others"
    parser.add_argument("--estimates", action="store_true", help=text)


def run(options: Namespace) -> int:
    """The paper's tables and claims, recomputed; or estimates held against published runs."""
    catalogue = frame.open_catalogue(options)
    if options.estimates:
        return _estimates(options, catalogue)
    from carbontui.verification import report
    from carbontui.verification.paper import verify

    found = verify(catalogue)
    if options.format == "json":
        frame.write_data(options, report.as_data(found))
    elif options.format == "markdown":
        frame.write_out(options, report.as_markdown(found))
    else:
        frame.write_out(options, report.as_text(found, frame.terminal_width(options)))
    return _judged(report.problems(found))


def _estimates(options: Namespace, catalogue: Catalogue) -> int:
    from carbontui.verification import conversions_report, estimates_report
    from carbontui.verification.conversions import conversions
    from carbontui.verification.estimates import estimates

    found, rules = estimates(catalogue), conversions(catalogue)
    if options.format == "json":
        frame.write_data(options, estimates_report.as_data(found) | {"conversions": conversions_report.as_data(rules)})
    elif options.format == "markdown":
        frame.write_out(options, f"{estimates_report.as_markdown(found)}\n{conversions_report.as_markdown(rules)}")
    else:
        width = frame.terminal_width(options)
        frame.write_out(
            options, f"{estimates_report.as_text(found, width)}\n{conversions_report.as_text(rules, width)}"
        )
    return _judged([*estimates_report.problems(found), *conversions_report.problems(rules)])


def _judged(problems: list[str]) -> int:
    for problem in problems:
        frame.say(f"carbontui: {problem}")
    return frame.DOES_NOT_HOLD if problems else frame.OK
