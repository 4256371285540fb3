"""`carbontui verify`: the paper recomputed, and estimates held against published runs."""

from __future__ import annotations

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

FORMATS = ("table", "json", "markdown")
EXAMPLE = "carbontui verify --estimates"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    text = "how far off estimates are: each published run predicted from the others"
    parser.add_argument("--estimates", action="store_true", help=text)


def run(options: Namespace) -> int:
    """The paper's tables and claims, recomputed; or estimates held against published runs."""
    catalogue = frame.open_catalogue(options)
    found: Any
    writer: Any
    if options.estimates:
        from carbontui.verification import estimates_report as writer
        from carbontui.verification.estimates import estimates

        found = estimates(catalogue)
    else:
        from carbontui.verification import report as writer
        from carbontui.verification.paper import verify

        found = verify(catalogue)
    if options.format == "json":
        frame.write_data(options, writer.as_data(found))
    elif options.format == "markdown":
        frame.write_out(options, writer.as_markdown(found))
    else:
        frame.write_out(options, writer.as_text(found, frame.terminal_width(options)))
    problems = writer.problems(found)
    for problem in problems:
        frame.say(f"carbontui: {problem}")
    return frame.DOES_NOT_HOLD if problems else frame.OK
