"""`carbontui advise`: the changes to a job that save most."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.commands.limits import add_limits, limits_of
from carbontui.errors import WrongUse
from carbontui.quantities import ACCOUNTINGS, METRICS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS = ("table", "json")
EXAMPLE = "carbontui advise '@8xh100@aws:us-east-1,duration=3 d' --within EU"
KEEP = ("hardware", "region", "start", "trials")


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add("spec", metavar="SPEC|FILE", help="a job, or a file with one or more")
    add("--metric", choices=tuple(METRICS), default="gross", help="what to minimise; default: %(default)s")
    text = "which carbon factors to use; default: %(default)s"
    add("--accounting", choices=ACCOUNTINGS, default="lifecycle", help=text)
    add("--keep", action="append", default=[], choices=KEEP, help="what to keep unchanged; may be repeated")
    add_limits(parser)


def run(options: Namespace) -> int:
    """The changes to each job that save most of its metric."""
    try:
        from carbontui.engine.advice import advise
    except ModuleNotFoundError as error:
        raise WrongUse(f"advice needs {error.name}: pip install {error.name}") from None
    from carbontui.questions import question_of
    from carbontui.text.advice import as_data, as_text

    limits = limits_of(options)
    catalogue = frame.open_catalogue(options)
    question, _ = question_of([options.spec])
    found = [
        advise(
            scenario,
            catalogue,
            metric=options.metric,
            accounting=options.accounting,
            limits=limits,
            keep=options.keep,
        )
        for scenario in question.scenarios
    ]
    if options.format == "json":
        data = [as_data(one) for one in found]
        frame.write_data(options, data[0] if len(data) == 1 else data)
    else:
        width = frame.terminal_width(options)
        frame.write_out(options, "\n".join(as_text(one, width) for one in found))
    return (
        frame.OK if all(one.own.result(METRICS[options.metric]) is not None for one in found) else frame.DOES_NOT_HOLD
    )
