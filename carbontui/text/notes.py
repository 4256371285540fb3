"""The sentences of notes, of what is missing, and of what a comparison mixes."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison, Crossing, differ
from carbontui.engine.scenario import Filled, Note
from carbontui.quantities import LABELS, METRICS, QUANTITIES
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from carbontui.engine.scenario import Way

# The most names of scenarios in one sentence.
MOST_NAMED = 6


def _shown(key: str, value: float) -> str:
    # Data has the figures of notes themselves: only their sentences need this.
    from carbontui.text.display import plain, shown

    if key == "chip_hours":
        # A sum over chips, not a time on any clock.
        return f"{plain(float(f'{value:.4g}'))} h"
    return shown(value, QUANTITIES[key].kind, digits=4)


def _defaults(keys: tuple[str, ...], run: str) -> str:
    verb = "is" if keys == ("region",) else "are"
    what = listed(LABELS.get(key, key) for key in keys)
    return f"{what} {verb} {'that' if verb == 'is' else 'those'} of the published run {run}"


def _utilisation(share: float, hardware: str, peak: float) -> str:
    from carbontui.text.display import significant

    of_peak = f"{significant(100 * share, 2)} % of the 16-bit peak of {hardware} ({peak / 1e12:g} TFLOP/s)"
    return f"the throughput is {of_peak}, which is {'impossible in 16 bits' if share > 1 else 'unlikely'}"


def _left_out(key: str, value: float, way: Way) -> str:
    from carbontui.text.inputs import how

    return f"{LABELS[key]}: {_shown(key, value)} ({how(way)}) is not used, because it contradicts what was entered"


def _draw(gw: float, most: float) -> str:
    from carbontui.text.display import significant

    return (
        f"the chips would draw {significant(gw)} GW, which is unlikely: all the world's data centers draw {most:.0f} GW"
        " on average (415 TWh in 2024: IEA, Energy and AI)"
    )


# Code of a note -> its sentence, from the key that it is about and what fills it.
SENTENCES: dict[str, Callable[..., str]] = {
    "error": lambda _, text: str(text),
    "said": lambda _, text: str(text),
    "of-record": lambda _, name, text: f"{name}: {text}",
    "of-figure": lambda key, text: f"{LABELS[key]}: {text}",
    "period-nearest": lambda _, near, run: f"carbon factors are from {near}, the nearest period to {run}",
    "period-old": lambda _, latest: f"carbon factors are from {latest}, the latest known and more than three years old",
    "offered-nobody": lambda _, hardware, region: f"no provider offers {hardware}, in {region} or elsewhere",
    "offered-elsewhere": lambda _, hardware, region: f"{hardware} is not offered in {region}",
    "coverage-converted": lambda _, of, coverage, value, wanted: (
        f"gross factor: converted to {wanted} from the {coverage} {_shown('gross', value)} of {of}"
    ),
    "coverage-unknown": lambda _, of, wanted: (
        f"gross factor: it is not known whether the factor of {of} is {wanted}; it is used unchanged"
    ),
    "hardware-of-run": lambda _, hardware, run: f"hardware is {hardware}, as in the published run {run}",
    "defaults-of-run": lambda _, keys, run: _defaults(keys, run),
    "work-not-looked-up": lambda _, model: (
        f"compute: this is not the published training of {model}, because the time was entered"
    ),
    "trainable-needs-tokens": lambda _: "compute: unknown; with trainable parameters, add tokens=",
    "other-coverage": lambda _, of, only: f"{of} only has carbon factors of {listed(only)} coverage",
    "left-out": lambda key, value, way: _left_out(key, value, way),
    "not-taken": lambda key, value, follows: (
        f"{LABELS[key]}: the file's {_shown(key, value)} is not used; its other figures give {_shown(key, follows)}"
    ),
    "published-not-taken": lambda key, value, follows: (
        f"{LABELS[key]}: the published {_shown(key, value)} is not used; the run's other figures give"
        f" {_shown(key, follows)}"
    ),
    "measured-elsewhere": lambda _, value, boundary, wanted: (
        f"power: the measured {_shown('power', value)} is for the {boundary}, not the {wanted}, and is not used;"
        f" add boundary={boundary} to use it"
    ),
    "form-unknown": lambda _, of: (
        f"power: {of} is assumed to be in a server; for a machine of your own add form=workstation, consumer or laptop"
    ),
    "size-unknown": lambda _, params, small, large: (
        f"power: the size of the model is unknown; {_shown('power', small)} with {params / 1e6:g} M parameters,"
        f" {_shown('power', large)} from 3 B on"
    ),
    "recomputed": lambda key, value, follows: (
        f"{LABELS[key]}: {_shown(key, follows)} follows from the other entries; {_shown(key, value)} was entered"
    ),
    "no-effect": lambda key: f"{LABELS.get(key, key)}: entered, but no result depends on it",
    "no-effect-yet": lambda key: f"{LABELS.get(key, key)}: entered; no result uses it yet, because none is known",
    "work-no-effect": lambda _: "work=serving: no result depends on it; every result here is for training",
    "serving-no-effect": lambda _, lacks: (
        f"serving: entered, but no result depends on it; add {listed(f'{key}=' for key in lacks)}"
    ),
    "precision-no-effect": lambda _, precision, of: (
        f"precision={precision}: no result depends on it; no {precision} peak of {of or 'the hardware'} is registered"
    ),
    "outside-training": lambda _, keys: (
        f"{listed(keys)}: not part of training; shown with --lifetime and in statements"
    ),
    "pue-at-a-desk": lambda _, form: (
        f"PUE is 1: a {form}{' machine' if form == 'consumer' else ''} is not in a data center"
    ),
    "unlikely-utilisation": lambda _, share, hardware, peak: _utilisation(share, hardware, peak),
    "unlikely-below-idle": lambda key, value, idle: (
        f"a power of {_shown(key, value)} is below the idle power of {_shown(key, idle)}, which is unlikely"
    ),
    "unlikely-above-tdp": lambda key, value, tdp: (
        f"a power of {_shown(key, value)} is unlikely for a TDP of {_shown(key, tdp)}"
    ),
    "unlikely-draw": lambda _, kw, most: _draw(kw / 1e6, most / 1e6),
    "unlikely-energy": lambda key, value, most: (
        f"an energy of {_shown(key, value)} is unlikely: all the world's data centers used {_shown(key, most)} in 2024"
        " (IEA, Energy and AI)"
    ),
    "unlikely-nothing": lambda key: f"{LABELS[key]}: no energy at all is unlikely; the meter may not have worked",
    "unlikely-pue": lambda key, value: f"a PUE of {_shown(key, value)} is unlikely",
    "unlikely-factor": lambda key, value: f"a {LABELS[key]} of {_shown(key, value)} is unlikely",
    "net-above-gross": lambda key, net, gross: (
        f"the net factor of {_shown(key, net)} is above the gross factor of {_shown(key, gross)}, which is unlikely"
    ),
    "unlikely-duration": lambda key, value: f"a duration of {_shown(key, value)} is unlikely",
    "sweep-hours": lambda _, name: (
        f"{name}: only its own hardware is compared: hours alone do not show how long other hardware would take;"
        " add tokens= or compute="
    ),
    "sweep-dropped": lambda _, name, keys: (
        f"{name}: the sweep does not use {listed(keys)}, entered for one machine and place"
    ),
    "sweep-without-period": lambda _, number: (
        f"{number:,} left out: {'its' if number == 1 else 'their'} region has no carbon factor for the period"
    ),
    "sweep-coverages": lambda _, ranked, others: (
        f"carbon factors: only {ranked} ones are ranked; differences from {listed(others)} ones may reflect the"
        " accounting method rather than the place; see --accounting"
    ),
    "sweep-net-kinds": lambda _, ranked, others: (
        f"net factors: only {ranked} ones are ranked; {listed(others)} ones are not comparable with them"
    ),
}

# What a metric lacks; the least to add to a SPEC, and what to do in the app, where `{duration}` asks for chips too if
# none are known.
LACKING = {
    "hardware": ("no hardware", "add @HARDWARE or power=", "choose hardware or enter a power"),
    "power": ("no power", "add power= or tdp=", "enter a power or a TDP"),
    "time": (
        "no time",
        "add {duration}, chip_hours=, tokens= or compute=",
        "enter {duration}, chip-hours, tokens or compute",
    ),
    "throughput": (
        "no throughput",
        "add throughput= or peak=, or the time: {duration} or chip_hours=",
        "enter a throughput or a peak, or the time: {duration} or chip-hours",
    ),
    "hardware-speed": (
        "no hardware",
        "add @HARDWARE, or the time: {duration} or chip_hours=",
        "choose hardware, or enter the time: {duration} or chip-hours",
    ),
    "params": (
        "no parameters",
        "add params=, or the time: {duration} or chip_hours=",
        "enter parameters, or the time: {duration} or chip-hours",
    ),
    "chips": ("no chips", "add chips=", "enter the number of chips"),
    "pue": ("no PUE", "add pue=", "enter a PUE"),
    "region": ("no region", "add @REGION or gross=", "choose a region or enter a gross factor"),
    "region-net": ("no region", "add @REGION or net=", "choose a region or enter a net factor"),
    "net-of-entered": ("the gross factor entered belongs to no region", "add net=", "enter a net factor"),
    **{key: (f"{{where}} has no {key} factor", f"add {key}=", f"enter a {LABELS[key]}") for key in ("gross", "net")},
    **{
        f"{key}-{coverage}": (
            f"{{where}} has no {coverage} {key} factor",
            f"add {key}=, or use another --accounting",
            f"enter a {LABELS[key]}, or use another accounting",
        )
        for key in ("gross", "net")
        for coverage in ("direct", "lifecycle")
    },
    "wue": ("no water figure", "add wue=", "enter the water per kWh"),
    "price": ("no price", "add price=", "enter a price"),
}
# How to say the duration that is lacking, without and with chips, by the place of the remedy in `LACKING`.
_DURATION = {1: ("duration=", "duration= with chips="), 2: ("a duration", "a duration with chips")}

# Text in which scenarios differ -> what the comparison mixes, and why that matters.
CROSSINGS = {
    "coverage": (
        "carbon factors with different coverage",
        "differences may reflect the accounting method rather than the place",
    ),
    "net_basis": (
        "net factors matched in different ways",
        "annual and hourly net CO2e have no ratio and are not ranked together",
    ),
    "boundary": ("powers with different boundaries", "the narrower ones leave part of the power out"),
    "pue_kind": ("PUEs that cover different things", "a fleet's average is not the PUE of one site"),
    "energy": (
        "energy that was metered and energy that is estimated",
        "part of a difference may be the estimate's error",
    ),
}


def note_text(note: Note) -> str:
    """The sentence of a note."""
    return SENTENCES[note.code](note.key, *note.values)


def without_outside(one: Filled) -> Filled:
    """The scenario without the notes on emissions outside training, for where these are shown."""
    return one.replace(notes=tuple(note for note in one.notes if note.code != "outside-training"))


def notes_of(one: Filled) -> list[str]:
    """Notes on how a scenario was filled in, a sentence each."""
    return [note_text(note) for note in one.notes]


def missing_text(one: Filled, metric: str, *, remedy: bool = True, app: bool = False) -> str:
    """What an unknown metric lacks, and the least to add to a SPEC, or to do in the `app`, unless told otherwise; ""
    for one that is known."""
    where = one.region.id if one.region is not None else one.scenario.region or "the region"
    at = 2 if app else 1
    duration = _DURATION[at][one.value("chips") is None]
    found = (LACKING[code] for code in one.missing.get(metric, ()))
    lacking = ((said[0], said[at]) if remedy else said[:1] for said in found)
    return "; ".join("; ".join(said).format(where=where, duration=duration) for said in lacking)


def no_ratio(comparison: Comparison, number: int, metric: str) -> str:
    """Why there is no ratio of a metric although scenario and baseline both have it; "" where there is one."""
    one, base = comparison.scenarios[number], comparison.scenarios[comparison.baseline]
    if metric in comparison.ratios[number] or METRICS[metric] not in one.results or METRICS[metric] not in base.results:
        return ""
    if not base.result(METRICS[metric]):
        return "the baseline's is 0"
    return "annual and hourly net CO2e have no ratio" if differ(one, base, "net_basis") else ""


def crossing_text(crossing: Crossing, remedy: str = "see --accounting") -> str:
    """What the comparison mixes, and whose it is; `remedy` says where to choose one accounting for all."""
    what, so = CROSSINGS[crossing.key]
    who = listed(f"{value} ({_some(names)})" for value, names in crossing.names.items())
    more = f"; {remedy}" if remedy and crossing.key == "coverage" else ""
    return f"{what}: {who}; {so}{more}"


def crossings_of(comparison: Comparison, remedy: str = "see --accounting") -> list[str]:
    """Each crossing of a comparison, a sentence each."""
    return [crossing_text(crossing, remedy) for crossing in comparison.crossings]


def _some(names: Sequence[str]) -> str:
    """The first few names, and how many more."""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def notes_data(one: Filled) -> list[dict[str, Any]]:
    """The notes as JSON's own types."""
    return [{"key": note.key, "text": note_text(note)} for note in one.notes]
