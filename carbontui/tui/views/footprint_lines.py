"""The footprint of a job in lines: the metric with its range as a whisker, the other results, everyday measures, and
what the range comes from."""

from __future__ import annotations

from math import ceil, floor, log10

from carbontui.engine.equivalents import EQUIVALENTS
from carbontui.engine.scenario import Filled
from carbontui.engine.sensitivity import matters
from carbontui.quantities import LABELS, METRICS, QUANTITIES, RESULTS
from carbontui.text import display
from carbontui.text.notes import missing_text, note_text
from carbontui_registry.text import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# A line is pieces of text, each with the name of its style.
Pieces = tuple[tuple[str, str], ...]

_MOST_SOURCES = 4
_BAR = 12
# Lines of the drawing of a range.
_WHISKER = 2
# A pane that is no higher has no room for sentences of several lines below the figures.
_LOW = 11


def _metered(one: Filled) -> str:
    """The energy that the meter is of: of the machines where it was read there, else of the site."""
    return "it_energy_kwh" if "it_energy" in dict(one.scenario.given) else "energy_kwh"


def estimate_line(one: Filled, width: int | None = None, key: str | None = None) -> str:
    """What the entered energy replaced, with its range, of the same as the meter is of unless a result is named; the
    most of it that stands in one line of a width."""
    key = key or _metered(one)
    found = one.estimate.get(key)
    if found is None:
        return ""
    value, low_high = display.shown(found.value, "energy"), ""
    if found.interval:
        low_high = f" {display.interval(*found.interval, 'energy')}"
    unit = value[value.find(" ") :]
    estimate = "IT estimate" if key == "it_energy_kwh" else "estimate"
    texts = (
        f"{estimate} without the meter: {value}{f', 90 % range{low_high}' if low_high else ''}",
        f"{estimate}: {value}{f', 90 %:{low_high}' if low_high else ''}",
        *([f"{estimate}: {value} ({low_high.strip()})"] if low_high else []),
        *([f"{estimate}: {value} ({low_high.strip().removesuffix(unit)})"] if low_high.endswith(unit) else []),
        f"{estimate}: {value}",
    )
    return next((text for text in texts if width is None or len(text) <= width), texts[-1])


def lines(one: Filled, metric: str, needs: Sequence[str], width: int, height: int) -> list[Pieces]:
    """The lines that fit a pane of this size, what matters most first; `needs` is what the job still lacks, by name."""
    key = METRICS[metric]
    kind = RESULTS[key].kind
    result = one.results.get(key)
    if result is None:
        lacks = f"still needed: {listed(needs)}" if needs else missing_text(one, metric, remedy=False)
        made = [((f"{RESULTS[key].label} is unknown", "strong"),), *wrapped(lacks, width, "warning")]
        return [*made, *_unlikely(one, width), *_others(one, key, width)][:height]
    assumed = result.basis == "assumed"
    head: Pieces = ((display.shown(result.value, kind), "value"), (f" {RESULTS[key].label}", "strong"))
    if assumed:
        head += ((" ~", "assumed"),)
    warnings = _unlikely(one, width)
    if apart := _beside_meter(one):
        warnings += wrapped(apart, width, "warning")
    more = _others(one, key, width)
    if said := estimate_line(one, None if height > _LOW else width):
        more += wrapped(said, width, "dim")
    if result.interval:
        made = [head, (("90 %: ", "dim"), (display.interval(*result.interval, kind), ""))]
        # In a low window the drawing gives way to what would be cut off.
        if len(made) + _WHISKER + len(warnings) + len(more) <= height:
            made += _whisker(*result.interval, result.value, kind, width)
    else:
        made = [head, *wrapped(_no_range(one, key), width, "dim")]
    made += [*warnings, *more]
    if key in ("gross_kgco2e", "net_kgco2e") and result.value > 0:
        said = everyday(result.value)
        if len("as much as " + said) > width:
            said = said.partition(" or ")[0]
        made.append((("as much as ", "dim"), (said, "")))
    made += _sources(one, key, width)
    # Left out where it does not fit as a whole; the notes have it.
    assumed_size = _noted(one, ("size-unknown",), width, "dim")
    return made[:height] if len(made) + len(assumed_size) > height else made + assumed_size


def _no_range(one: Filled, key: str) -> str:
    """Why a result has no range."""
    result = one.results[key]
    if not result.value:
        return "no range: it is 0, whatever the energy"
    if result.basis == "assumed":
        return "no range: its inputs have no known spread"
    given = {QUANTITIES[name].file_key for name in dict(one.scenario.given)}
    return "no range: it was entered" if key in given else "no range: every input was measured, published or entered"


def _beside_meter(one: Filled) -> str:
    """How far the meter's reading is from the estimate, if it is outside the estimate's range."""
    key = _metered(one)
    estimate, metered = one.estimate.get(key), one.results.get(key)
    if estimate is None or metered is None or not estimate.interval or not estimate.value:
        return ""
    low, high = estimate.interval
    if low <= metered.value <= high:
        return ""
    change = display.significant(100 * abs(metered.value / estimate.value - 1), 2)
    side = "below" if metered.value < low else "above"
    return f"the meter is {change} % {side} the estimate and outside its range"


def _unlikely(one: Filled, width: int) -> list[Pieces]:
    """What is unlikely, not offered or of less work than its name says, which whoever typed it should see before the
    rest."""
    return _noted(one, ("unlikely-", "offered-", "work-not-looked-up"), width, "warning")


def _noted(one: Filled, codes: tuple[str, ...], width: int, style: str) -> list[Pieces]:
    found = [note_text(note) for note in one.notes if note.code.startswith(codes)]
    return [line for text in found for line in wrapped(text, width, style)]


def everyday(kgco2e: float) -> str:
    """CO2e in the everyday measures that fit its size."""
    names = (
        ("car", "household")
        if kgco2e < 1000
        else ("flights", "household")
        if kgco2e < 200_000
        else ("jets", "household")
    )
    known = [EQUIVALENTS[name] for name in names]
    said = [f"{display.significant(kgco2e / one.kgco2e, 2)} {one.unit}" for one in known if kgco2e / one.kgco2e >= 0.1]
    return " or ".join(said) or f"{display.significant(kgco2e / known[0].kgco2e, 2)} {known[0].unit}"


def _whisker(low: float, high: float, value: float, kind: str, width: int) -> list[Pieces]:
    """A line from 0 with the range on it and a dot at the value, and its ends."""
    end = _nice(high)
    last = width - 1

    def column(value: float) -> int:
        return round(value / end * last)

    left, at, right = column(low), column(value), column(high)
    axis: Pieces = (
        ("─" * left, "dim"),
        ("━" * (at - left), "range"),
        ("●", "value"),
        ("━" * (right - at), "range"),
        ("─" * (last - max(right, at)), "dim"),
    )
    ends = display.shown(end, kind)
    return [axis, (("0", "dim"), (" " * max(1, width - 1 - len(ends)), ""), (ends, "dim"))]


def _nice(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 and 10 times a power of ten above a value."""
    if value <= 0:
        return 1.0
    size = 10.0 ** floor(log10(value))
    return next(step * size for step in (1, 1.5, 2, 3, 5, 7, 10) if step * size >= value)


def _others(one: Filled, key: str, width: int) -> list[Pieces]:
    """The results but the metric, and the chip-hours, as many on a line as fit; unknown ones are left out."""
    said = []
    for other, name in (
        ("gross_kgco2e", "gross"),
        ("energy_kwh", "energy"),
        ("duration_h", "takes"),
        ("cost_usd", "costs"),
        ("water_l", "water"),
        ("net_kgco2e", "net"),
    ):
        found = one.results.get(other)
        if found is None or other == key:
            continue
        text = f"{display.shown(found.value, RESULTS[other].kind)}{' ~' if found.basis == 'assumed' else ''}"
        if other == "net_kgco2e" and one.texts.get("net_basis") == "annual":
            # What a year's purchases are said to cover, which is often all of it.
            text += " (annual claim)"
        if other == "cost_usd":
            terms = " (list, on demand)"
            text += terms if len(name) + 1 + len(text + terms) <= width else " (on demand)"
        said.append((f"{name} ", text))
    hours = one.inputs.get("chip_hours") or one.results.get("chip_hours_h")
    if hours is not None:
        last = next((n for n, (name, _) in enumerate(said) if name == "net "), len(said))
        mark = f" {display.ASSUMED}" if hours.basis == "assumed" else ""
        said.insert(last, ("", f"{display.count(hours.value)} chip-hours{mark}"))
    return _flowing(said, width)


def _flowing(said: list[tuple[str, str]], width: int) -> list[Pieces]:
    made: list[Pieces] = []
    line: Pieces = ()
    used = 0
    for name, text in said:
        more = len(name) + len(text) + (3 if line else 0)
        if line and used + more > width:
            made.append(line)
            line, used, more = (), 0, more - 3
        line += (*((("   ", ""),) if line else ()), (name, "dim"), (text, ""))
        used += more
    return [*made, line] if line else made


# As the form calls them.
_CALLED = {"throughput": "utilisation"}


def _sources(one: Filled, key: str, width: int) -> list[Pieces]:
    """What the range comes from: the largest shares of its variance, each as a bar."""
    found, _ = matters(one, key)
    shares: dict[str, float] = {}
    for matter in found:
        shares[matter.input] = shares.get(matter.input, 0.0) + matter.share
    largest = sorted(shares.items(), key=lambda item: -item[1])[:_MOST_SOURCES]
    shown = [(_CALLED.get(name) or LABELS.get(name, name), share) for name, share in largest if share >= 0.01]
    longest = max((len(name) for name, _ in shown), default=0)
    room = max(2, min(2 * _BAR, width - 13 - longest - 8))
    made: list[Pieces] = []
    for n, (name, share) in enumerate(shown):
        title = "range due to " if n == 0 else " " * 13
        bar = "█" * max(1, ceil(share * room))
        made.append(((title, "dim"), (f"{name:<{longest}} {share:>4.0%} ".replace("%", " %"), ""), (bar, "bar")))
    return made


def wrapped(text: str, width: int, style: str) -> list[Pieces]:
    """A sentence in lines of this width, in one style."""
    if len(text) <= width:
        return [((text, style),)]
    from textwrap import wrap

    return [((line, style),) for line in wrap(text, max(8, width), break_on_hyphens=False)]
