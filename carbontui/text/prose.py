"""A scenario in sentences, as a paper or a form asks for them; what is unknown is named in a sentence of its own."""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.scenario import Filled
from carbontui.quantities import LABELS, QUANTITIES, RESULTS
from carbontui.text import display
from carbontui.text.inputs import how
from carbontui.text.notes import notes_of, without_outside
from carbontui.text.table import as_printed, part_name
from carbontui_registry.text import clean, count_of, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from carbontui.engine.totals import Total
    from carbontui_registry.figures import Source

    # Gives the mark by which a text refers to sources, such as ` [1, 2]`; nothing for none.
    Cite = Callable[[list[Source]], str]

BASIS_WORDS = {
    "measured": "Measured",
    "published": "Published",
    "derived": "Derived, here or by the source",
    "entered": "Entered for this comparison",
    "assumed": "Assumed",
}
BOUNDARY_WORDS = {
    "accelerator": "of the accelerator alone",
    "node": "of the node, per accelerator",
    "system": "of the whole system, per accelerator and before PUE",
}
COVERAGE_WORDS = {"direct": "direct emissions of power plants", "lifecycle": "the whole life cycle of the electricity"}
NET_WORDS = {"hourly": "matched by the hour", "annual": "matched over the year"}


def amount(one: Filled | Total, key: str, unit: tuple[str, float] | None = None) -> str:
    """A result in words: `552 tCO2e`, or `unknown`."""
    result = one.results.get(key)
    if result is None:
        return "unknown"
    kind = RESULTS[key].kind
    return display.shown(result.value, kind, unit) + ("CO2e" if kind == "co2e" else "")


def entry(one: Filled, key: str) -> str:
    """An input in words: `330 W`, or `unknown`."""
    value = one.value(key)
    return "unknown" if value is None else display.shown(value, QUANTITIES[key].kind)


def within(one: Filled | Total, key: str, unit: tuple[str, float] | None = None) -> str:
    """` (90 % range 5.4 to 26 t)` of a result, or nothing where no spread is known."""
    result = one.results.get(key)
    if result is None or result.interval is None:
        return ""
    kind = RESULTS[key].kind
    # In the unit of the figure before it.
    unit = unit or display.unit_for([result.value], kind)
    return f" (90 % range {display.interval(*result.interval, kind, unit)})"


def with_range(one: Filled | Total, key: str) -> str:
    """A result in words with its 90 % range where a spread is known, or `unknown`."""
    return amount(one, key) + within(one, key)


def total_sentence(total: Total) -> str:
    """What a group or all scenarios come to: energy, gross and net CO2e, each with its interval, or unknown."""
    of = count_of(len(total.scenarios), "scenario")
    name = f"Total of {total.group} ({of})" if total.group is not None else f"Total of {of}"
    return (
        f"{name}: energy {with_range(total, 'energy_kwh')}; gross CO2e {with_range(total, 'gross_kgco2e')};"
        f" net CO2e {with_range(total, 'net_kgco2e')}."
    )


def model_name(one: Filled) -> str:
    """What is trained."""
    return clean(one.model.record.name if one.model else one.scenario.model or "an unnamed model")


def processors(one: Filled) -> str:
    """Number and type of the accelerators, or what is known of them."""
    name = clean(part_name(one, "hardware"))
    if one.value("chips") is None:
        return "unknown" if name == display.UNKNOWN else f"{name}, number unknown"
    return f"{entry(one, 'chips')} x {'accelerators of an unknown type' if name == display.UNKNOWN else name}"


UNKNOWN_PLACE = "unknown"


def factor_entered(one: Filled) -> bool:
    """Whether the gross factor was entered, and so belongs to no region that could be named."""
    return "gross" in one.inputs and one.inputs["gross"].basis == "entered"


def place(one: Filled) -> str:
    """The region, with its country where known; none of the run's own beside a factor that was entered."""
    if factor_entered(one) and one.scenario.region is None:
        return UNKNOWN_PLACE
    name = clean(part_name(one, "region"))
    if name == display.UNKNOWN:
        return UNKNOWN_PLACE
    country = one.region.record.country if one.region else None
    return f"{name}, {clean(country)}" if country and country.lower() not in name.lower() else name


def hours_used(one: Filled) -> str:
    """How long it takes, in hours whatever their number, and in hours of one accelerator, if known."""
    return _time_taken(one, ("h", 1.0)) or "unknown"


def _time_taken(one: Filled, unit: tuple[str, float] | None = None) -> str:
    chip_hours = disclosure.of_all(one, "chip_hours")
    times = f" each time, {entry(one, 'count')} times" if disclosure.count(one) != 1 else ""
    time = f"{amount(one, 'duration_h', unit)}{times}" if one.result("duration_h") is not None else ""
    # Four digits, as chips and days have no more.
    total = "" if chip_hours is None else f"{display.plain(float(f'{chip_hours:.4g}'))} accelerator-hours"
    return ", ".join(filter(None, (time, total)))


def run_sentence(one: Filled) -> str:
    """Processors, their number, hours, mean power, and where; then what of these is not known.

    Of runs that were added up, which have no model, number or time of their own, the name says which they are.
    """
    name = clean(part_name(one, "hardware"))
    known = name != display.UNKNOWN
    chips, took = one.value("chips") is not None, _time_taken(one)
    on = f" on {processors(one) if chips else name}" if known or chips else ""
    power = f"at a mean power of {entry(one, 'power')}" if one.value("power") is not None else ""
    if power and (boundary := BOUNDARY_WORDS.get(one.texts.get("boundary", ""))):
        power += f" ({boundary})"
    period = f"with carbon factors of {one.texts['period']}" if "period" in one.texts else ""
    if factor_entered(one):
        period = "with a carbon factor entered for this comparison"
    where = f"in {place(one)}" if place(one) != UNKNOWN_PLACE else ""
    parts = [part for part in (power, where, period) if part]
    more = "".join(f", {part}" for part in parts)
    lacks = [
        *(["the number of accelerators"] if not chips else []),
        *(["their type"] if not known else []),
        *(["how long it takes"] if one.result("duration_h") is None else []),
        *(["the accelerator-hours"] if disclosure.of_all(one, "chip_hours") is None else []),
        *(["the mean power"] if not power else []),
        *(["the place"] if not where and not factor_entered(one) else []),
    ]
    unknown = f" Not known: {listed(lacks)}." if lacks else ""
    modelled = one.model is not None or one.scenario.model is not None
    if not modelled and not chips and one.result("duration_h") is None:
        said = ", ".join(filter(None, (f"{took}{on}".strip(), *parts)))
        if "it_energy" in dict(one.scenario.carried):
            # Of runs that were added up: what differs among them is in their note.
            unknown = ""
        return f"{capitalised(clean(one.name))}: {said}.{unknown}" if said else unknown.strip()
    takes = f" takes {took}" if took else " runs"
    whole = f"{on}{takes}" if took else f"{takes}{on}"
    return f"Training {model_name(one)}{whole}{more}.{unknown}" if took or on or more else unknown.strip()


def _said(one: Filled, key: str) -> str:
    """An input in words, and whether it is assumed."""
    assumed = key in one.inputs and one.inputs[key].basis == "assumed"
    return f"{entry(one, key)}{' (assumed)' if assumed else ''}"


def factor_sentence(one: Filled) -> str:
    """PUE, gross and net factors, and what they cover."""
    pue = "The PUE is unknown" if one.value("pue") is None else f"The PUE is {_said(one, 'pue')}"
    if kind := one.texts.get("pue_kind"):
        pue += {"site": " (of the site)", "fleet": " (average of a fleet)", "survey": " (of a survey)"}.get(kind, "")
    gross = f"the gross (location-based) carbon factor is {_said(one, 'gross')}"
    net = f"the net one, after the operator's carbon-free purchases, is {_said(one, 'net')}"
    if "net" in one.inputs and (basis := NET_WORDS.get(one.texts.get("net_basis", ""))):
        net += f" ({basis})"
    return f"{pue}; {gross}; {net}. {coverage_sentence(one)}"


def coverage_sentence(one: Filled) -> str:
    """What the carbon factors count."""
    covered = COVERAGE_WORDS.get(one.texts.get("coverage", ""))
    # A net that was entered says nothing of itself.
    bases = {key: one.inputs[key].basis for key in ("gross", "net") if key in one.inputs}
    alone = bases.get("net") == "entered" != bases.get("gross", "entered")
    factors = "The gross factor counts" if alone else "The factors count"
    return f"{factors} {covered}." if covered else "The coverage of the factors is unknown."


def energy_sentence(one: Filled) -> str:
    """Energy before and after PUE, gross and net CO2e."""
    before = f"{amount(one, 'it_energy_kwh')} before PUE" if "it_energy_kwh" in one.results else ""
    ends = within(one, "energy_kwh").strip(" ()")
    behind = f" ({'; '.join(filter(None, (before, ends)))})" if before or ends else ""
    return (
        f"Energy is {amount(one, 'energy_kwh')}{behind};"
        f" gross CO2e is {with_range(one, 'gross_kgco2e')}; net CO2e is {with_range(one, 'net_kgco2e')}."
    )


def basis_sentences(one: Filled, cite: Cite) -> str:
    """What was measured, published, computed, entered and assumed, each with its sources."""
    sentences = []
    for basis, words in BASIS_WORDS.items():
        by_mark: dict[str, list[str]] = {}
        for key in QUANTITIES:
            if key in one.inputs and one.inputs[key].basis == basis:
                found = one.inputs[key]
                sources = [found.source, *(term.figure.source for term in found.terms)]
                mark = cite(list(dict.fromkeys(source for source in sources if source is not None)))
                label = LABELS[key] + (f" ({clean(how(found.way))})" if found.terms else "")
                by_mark.setdefault(mark, []).append(label)
        if by_mark:
            sentences.append(f"{words}: {'; '.join(listed(labels) + mark for mark, labels in by_mark.items())}.")
    if not any(found.basis == "assumed" for found in one.inputs.values()):
        sentences.append("No input was assumed.")
    return " ".join(sentences)


def published_sentence(one: Filled) -> str:
    """What the authors of the run published, or nothing."""
    labels = (("energy_kwh", "energy", ""), ("gross_kgco2e", "gross", "CO2e"), ("net_kgco2e", "net", "CO2e"))
    figures = [
        f"{label} {as_printed(one.published[key].value, RESULTS[key].kind)}{suffix}"
        for key, label, suffix in labels
        if key in one.published
    ]
    return f"Its authors published {listed(figures)}." if figures else ""


def notes_sentence(one: Filled) -> str:
    """What one should know about how the scenario was filled in, and its own note."""
    # A statement says by itself what is outside the training.
    notes = [note for note in (*notes_of(without_outside(one)), one.scenario.note) if note.strip()]
    return " ".join(capitalised(clean(note)).rstrip(".") + "." for note in notes)


def capitalised(note: str) -> str:
    """The note as a sentence begins; an id such as `gpt-3/a100/2020` stays as it is."""
    return note if "/" in note.partition(" ")[0] else note[:1].upper() + note[1:]
