"""`carbontui sweep`: the best cells of models x hardware x regions."""

from __future__ import annotations

import os
import re

from carbontui.commands import frame
from carbontui.commands.limits import add_limits, limits_of
from carbontui.errors import AlreadyExists, WrongUse
from carbontui.formats import FORMATS as ALL_FORMATS
from carbontui.formats import OF_CELLS
from carbontui.quantities import ACCOUNTINGS, METRICS, strictly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from carbontui.engine.sweep import Limits, SweepQuestion
    from carbontui_registry.catalogue import Catalogue

FORMATS = (*ALL_FORMATS, *OF_CELLS)
EXAMPLE = "carbontui sweep --model gpt-3 --hardware a100 h100 --region 'gcp:*' --max-days 30"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add("--model", nargs="+", required=True, metavar="M", help="models, globs, or SPECs to improve on")
    add("--hardware", nargs="+", default=[], metavar="H", help="ids or globs; default: all")
    add("--region", nargs="+", default=[], metavar="R", help="ids or globs such as 'gcp:*'; default: all datacenters")
    add("--period", nargs="+", default=[], metavar="P", help="default: each region's latest")
    add("--chips", nargs="+", default=[], metavar="N", help="default: those of the model's run")
    add("--objective", choices=tuple(METRICS), default="gross", help="what to minimise; default: %(default)s")
    add(
        "--pareto",
        choices=tuple(METRICS),
        default="duration",
        help="the Pareto front's second objective; default: %(default)s",
    )
    text = "which carbon factors to use; default: %(default)s"
    add("--accounting", choices=ACCOUNTINGS, default="lifecycle", help=text)
    add("--strict", action="store_true", help="use published factors of that accounting only, without converting any")
    add_limits(parser)
    add("--marked", action="store_true", help="also rank combinations nobody can rent, such as a TPU outside Google"
        " Cloud")  # fmt: skip
    add("--top", type=int, default=10, metavar="N", help="how many of the best to show; default: %(default)s")
    add("--all", metavar="FILE", help="also write every combination, to FILE.csv or FILE.parquet")


def run(options: Namespace) -> int:
    """The best cells of models x hardware x regions."""
    try:
        from carbontui.engine.sweep import Sweep
    except ModuleNotFoundError as error:
        raise WrongUse(f"sweeps need {error.name}: pip install {error.name}") from None
    from carbontui.engine.sweep.best import best_comparison
    from carbontui.formats.document import dump
    from carbontui.text import sweep as text

    if options.top < 1:
        raise WrongUse(f"--top {options.top}: must be at least 1")
    cells = options.format in OF_CELLS
    if cells and not (options.output or "").endswith(".parquet"):
        raise WrongUse("--format parquet needs -o FILE.parquet")
    for path in (options.all, options.output):
        if path and path != "-" and os.path.lexists(path) and not options.force:
            raise AlreadyExists(path)
    limits = limits_of(options)
    catalogue = frame.open_catalogue(options)
    sweep = Sweep(_question(options, limits, catalogue), catalogue)
    for path in filter(None, (options.all, options.output if cells else None)):
        from carbontui.formats.cells import write_cells

        write_cells(path, sweep, force=options.force)
        frame.say(f"wrote {path}")
    if cells:
        return frame.OK
    survey = sweep.survey(options.top)
    if options.format == "table":
        width, colour = frame.terminal_width(options), frame.coloured(options)
        frame.write_out(options, text.as_text(sweep, survey, width, colour=colour))
        return frame.OK if survey.best else frame.DOES_NOT_HOLD
    if not survey.best:
        frame.say(f"carbontui: {text.nothing(survey)}")
        return frame.DOES_NOT_HOLD
    # A model card is of one scenario, and so of the best.
    comparison = best_comparison(sweep, survey, with_own=options.format != "modelcard")
    if options.format == "json":
        frame.write_data(options, text.as_data(sweep, survey, dump(comparison, catalogue)))
    else:
        frame.write_comparison(options, comparison, catalogue)
    return frame.OK


def _question(options: Namespace, limits: Limits, catalogue: Catalogue) -> SweepQuestion:
    from carbontui.engine.scenario import Scenario
    from carbontui.engine.selection import chosen
    from carbontui.engine.sweep import SweepQuestion
    from carbontui.spec import parse_spec, period

    bases: list[Scenario] = []
    for word in options.model:
        if set("*?[") & set(word):
            bases += [Scenario(model=one.id) for one in chosen(catalogue, "model", [word])]
        else:
            bases.append(parse_spec(word))
    return SweepQuestion(
        tuple(bases),
        hardware=tuple(options.hardware),
        regions=tuple(options.region),
        periods=tuple(period(word) for word in options.period),
        chips=_chips(options.chips),
        objective=options.objective,
        against=options.pareto,
        accounting=strictly(options.accounting) if options.strict else options.accounting,
        limits=limits,
        marked=options.marked,
    )


def _chips(words: list[str]) -> tuple[float, ...]:
    """Numbers of chips, also with commas between them. Raises `ScenarioError`."""
    from carbontui.engine.scenario import ScenarioError
    from carbontui.typed import quantity

    for word in words:
        if re.search(",0[0-9]{2}(?![0-9])", word):
            one = word.replace(",", "")
            said = f"can be read as {one} or as several numbers"
            raise ScenarioError(said, where="chips", given=word, expected=f"write {one}, or spaces between the numbers")
    return tuple(quantity("chips", word).value for word in frame.split(words))
