"""`carbontui sweep`: the best cells of models x hardware x regions."""

from __future__ import annotations

import os

from carbontui.commands import frame
from carbontui.errors import AlreadyExists, WrongUse
from carbontui.formats import FORMATS as ALL_FORMATS
from carbontui.formats import OF_CELLS
from carbontui.quantities import ACCOUNTINGS, METRICS

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
    add("--model", nargs="+", required=True, metavar="M", help="models, globs, or SPECs to find better for")
    add("--hardware", nargs="+", default=[], metavar="H", help="ids or globs; default: all")
    add("--region", nargs="+", default=[], metavar="R", help="ids or globs such as 'gcp:*'; default: all datacenters")
    add("--period", nargs="+", default=[], metavar="P", help="default: each region's latest")
    add("--chips", nargs="+", default=[], metavar="N", help="default: as many as the model's run had")
    add("--objective", choices=tuple(METRICS), default="gross", help="what is made small; default: %(default)s")
    text = "which carbon factors are used; default: %(default)s"
    add("--accounting", choices=ACCOUNTINGS, default="lifecycle", help=text)
    add("--max-days", metavar="D", help="such as 30")
    add("--max-gross", metavar="T", help="such as '5 tCO2e'")
    add("--max-net", metavar="T", help="such as '5 tCO2e'")
    add("--max-energy", metavar="E", help="such as '100 MWh'")
    add("--max-chips", metavar="N", help="such as 1024")
    add("--min-memory", metavar="M", help="of one chip, such as '80 GiB'")
    add("--within", nargs="+", default=[], metavar="C", help="EU, or countries such as SE FI")
    add("--marked", action="store_true", help="also rank combinations nobody can rent, such as a TPU outside Google"
        " Cloud")  # fmt: skip
    add("--top", type=int, default=10, metavar="N", help="how many of the best; default: %(default)s")
    add("--all", metavar="FILE", help="every cell too, to FILE.csv or FILE.parquet")


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
    limits = _limits(options)
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


def _limits(options: Namespace) -> Limits:
    from carbontui.engine.sweep import Limits
    from carbontui.typed import quantity

    def limit(option: str, kind: str, unit: str, size: float = 1.0) -> float | None:
        found = frame.amount(f"--{option}", getattr(options, option.replace("-", "_")), kind, unit)
        return None if found is None else found / size

    return Limits(
        max_days=limit("max-days", "duration", "d", 24.0),
        max_gross=limit("max-gross", "co2e", "tCO2e", 1000.0),
        max_net=limit("max-net", "co2e", "tCO2e", 1000.0),
        max_energy=limit("max-energy", "energy", "MWh", 1000.0),
        max_chips=None if options.max_chips is None else quantity("chips", options.max_chips).value,
        min_memory=limit("min-memory", "memory", "GiB"),
        within=tuple(frame.split(options.within)),
    )


def _question(options: Namespace, limits: Limits, catalogue: Catalogue) -> SweepQuestion:
    from carbontui.engine.scenario import Scenario
    from carbontui.engine.selection import chosen
    from carbontui.engine.sweep import SweepQuestion
    from carbontui.spec import parse_spec, period
    from carbontui.typed import quantity

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
        chips=tuple(quantity("chips", word).value for word in frame.split(options.chips)),
        objective=options.objective,
        accounting=options.accounting,
        limits=limits,
        marked=options.marked,
    )
