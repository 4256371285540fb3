"""`carbontui compare`: footprints side by side."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.errors import WrongUse
from carbontui.formats import FORMATS as ALL_FORMATS
from carbontui.formats import PRESETS
from carbontui.quantities import ACCOUNTINGS, METRICS
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from carbontui.engine.comparison import Comparison

FORMATS = tuple(ALL_FORMATS)
EXAMPLE = "carbontui compare gpt-3 gpt-3@a100@gcp:europe-north1,chips=1024"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add("specs", nargs="*", metavar="SPEC|FILE", help="default: the runs of Patterson et al. 2021")
    add("--baseline", metavar="N|NAME", help="the scenario that ratios are relative to; default: the first")
    add("--metric", choices=tuple(METRICS), help="what to compare; default: gross")
    add("--accounting", choices=ACCOUNTINGS, help="which carbon factors to use; default: as-published")
    add("--strict", action="store_true", help="use published factors of that accounting only, without converting any")
    add("--total", action="store_true", help="also show the sum of each group= and of all scenarios, with its range")
    add("--lifetime", action="store_true", help="also show emissions outside training (those you gave figures for):"
        " serving, embodied, development, idle")  # fmt: skip
    add("--rates", action="store_true", help="also show intensities: tCO2e per 1e21 FLOP and per 1e9 tokens, FLOP/J")
    add("--preset", choices=tuple(PRESETS), help="which form a statement answers; default: patterson")
    text = "exit with 1 if this metric is unknown for any scenario; may be repeated"
    add("--require", action="append", default=[], choices=tuple(METRICS), help=text)
    add("--drift", action="store_true", help="list figures that changed in the registry since FILE was saved; exit"
        " 1 if any did")  # fmt: skip


def run(options: Namespace) -> int:
    """Footprints side by side."""
    if options.preset and options.format != "statement":
        raise WrongUse(f"--preset {options.preset} needs --format statement")
    if options.drift:
        return _drift(options)
    if (options.lifetime or options.rates) and not ALL_FORMATS[options.format].has_more:
        known = listed([name for name, one in ALL_FORMATS.items() if one.has_more])
        raise WrongUse(f"--lifetime and --rates do not work with --format {options.format}; use one of {known}")
    from carbontui.questions import comparison_of

    catalogue = frame.open_catalogue(options)
    comparison, stale = comparison_of(
        options.specs,
        catalogue,
        baseline=options.baseline,
        metric=options.metric,
        accounting=options.accounting,
        total=options.total,
        strict=options.strict,
    )
    for line in stale:
        frame.say(f"carbontui: {line}")
    if options.lifetime:
        from carbontui.text.notes import without_outside

        comparison = comparison.replace(scenarios=tuple(map(without_outside, comparison.scenarios)))
    more = {"lifetime": options.lifetime, "rates": options.rates}
    frame.write_comparison(options, comparison, catalogue, preset=options.preset or "patterson", **more)
    lacking = _lacking(comparison, options.require)
    for line in lacking:
        frame.say(f"carbontui: {line}")
    return frame.DOES_NOT_HOLD if lacking else frame.OK


def _lacking(comparison: Comparison, required: Sequence[str]) -> list[str]:
    """What is required and unknown, a line each."""
    from carbontui.text.notes import missing_text

    return [
        f"{one.name}: {metric} is unknown: {missing_text(one, metric)}"
        for metric in dict.fromkeys(required)
        for one in comparison.scenarios
        if METRICS[metric] not in one.results
    ]


def _drift(options: Namespace) -> int:
    """The figures that changed in the registry since the files were saved, field by field."""
    from carbontui.engine.comparison import compare
    from carbontui.engine.drift import drift, stored
    from carbontui.formats.document import stale_totals, stored_results
    from carbontui.formats.files import read
    from carbontui.questions import is_file
    from carbontui.text.drift import as_data, as_table

    files = [word for word in options.specs if is_file(word)]
    if not files or len(files) < len(options.specs):
        raise WrongUse("--drift needs a saved file; write: carbontui compare FILE.toml --drift")
    if options.format not in ("table", "json"):
        raise WrongUse(f"--drift does not work with --format {options.format}; use table or json")
    catalogue = frame.open_catalogue(options)
    found, others = [], []
    for path in files:
        question, document = read(path)
        if question.total:
            others += [f"{path}: {line}" for line in stale_totals(document, compare(question, catalogue))]
        found.append((path, [*drift(question, catalogue), *stored(question, stored_results(document), catalogue)]))
    if options.format == "json":
        frame.write_data(options, as_data(found))
    elif any(drifts for _, drifts in found):
        frame.write_out(options, as_table(found, frame.terminal_width(options)))
    for line in others:
        frame.say(f"carbontui: {line}")
    for path, drifts in found:
        if not drifts and not others:
            frame.say(f"carbontui: {path}: no drift")
    return frame.DOES_NOT_HOLD if others or any(drifts for _, drifts in found) else frame.OK
