"""The front matter of a Hugging Face model card: `co2_eq_emissions` with its five keys, emissions in grams.

https://huggingface.co/docs/hub/model-cards-co2
"""

from __future__ import annotations

from carbontui.engine import disclosure
from carbontui.engine.comparison import Comparison
from carbontui.engine.footprint import GRAMS_PER_KILOGRAM
from carbontui.engine.scenario import Filled
from carbontui.engine.sources import sources_of
from carbontui.formats.citation import tool
from carbontui.text import display, prose
from carbontui.text.markdown import escape
from carbontui.text.prose import total_sentence
from carbontui.text.records import source_line
from carbontui.text.table import part_name, total_notes
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.scenario import Result
    from carbontui.engine.totals import Sum
    from carbontui_registry.catalogue import Catalogue


# From here on grams have no fraction, and up to here they are written out; and how many digits say something.
_WHOLE, _COUNTABLE, _DIGITS = 1000, 1e15, 4


def to_modelcard(comparison: Comparison, number: int | None = None) -> str:
    """The card's front matter and its section on the environment, of the scenario `number`, else of the baseline; where
    totals are wanted, of all scenarios together, as the stages of one model.

    Emissions are gross (location-based), or net where net is the metric of the comparison and known. What is unknown is
    absent from the front matter and said to be unknown in the section.
    """
    if not comparison.scenarios:
        return "---\n# There are no scenarios.\n{}\n---\n"
    at = comparison.baseline if number is None else number
    one = comparison.scenarios[at]
    alone = comparison.replace(scenarios=(one,), ratios=(comparison.ratios[at],))
    of = alone if not comparison.totals or number is not None else comparison
    known = one.results if of is alone else comparison.totals[-1].results
    kind = "net" if comparison.question.metric == "net" and "net_kgco2e" in known else "gross"
    where = "; ".join(clean(source_line(source)) for source in sources_of(of, lambda one: _behind(one, kind)).by_source)
    matter = front_matter(one, kind, where) if of is alone else _of_all(comparison, kind, where)
    sections = [line for stage in of.scenarios for line in [*_section(stage, kind), ""]]
    if of is not alone:
        sections += [escape(clean(total_sentence(comparison.totals[-1]))), ""]
        sections += [line for note in total_notes(comparison) for line in (escape(f"{clean(note)}."), "")]
    lines = ["---", "co2_eq_emissions:"]
    lines += [f"  # {key}: unknown" if value is None else f"  {key}: {value}" for key, value in matter.items()]
    head = ["---", "", "## Environmental Impact", ""]
    return "\n".join([*lines, *head, *sections, f"Made with {escape(tool().title)}; please cite it."]) + "\n"


def _behind(one: Filled, kind: str) -> set[str]:
    """The inputs that the card's figures are, or are computed from."""
    printed = [one.results.get(key) for key in ("duration_h", "energy_kwh", f"{kind}_kgco2e")]
    of_results = (key for result in printed if result is not None for key in result.exponents)
    return {"chips", "chip_hours", "pue", *of_results}


def front_matter(one: Filled, kind: str, where: str = "") -> dict[str, str | None]:
    """The value of each key of `co2_eq_emissions` as YAML, None where it is not known.

    `kind` is gross or net, `where` names the sources.
    """
    result = one.results.get(f"{kind}_kgco2e")
    training = one.texts.get("training")
    place, hardware = clean(part_name(one, "region")), clean(part_name(one, "hardware"))
    processors = prose.processors(one) if one.value("chips") is not None else hardware
    somewhere = place != display.UNKNOWN and prose.place(one) != prose.UNKNOWN_PLACE
    return {
        "emissions": _emissions(result, kind),
        "source": _source(result, kind, where),
        "training_type": None if training is None else quoted(training),
        "geographical_location": quoted(prose.place(one)) if somewhere else None,
        "hardware_used": quoted(processors) if hardware != display.UNKNOWN else None,
    }


def _emissions(result: Result | Sum | None, kind: str) -> str | None:
    if result is None:
        return None
    return f"{_grams(result.value * GRAMS_PER_KILOGRAM)}  # grams of CO2e, {kind}"


def _grams(value: float) -> str:
    """Four digits, which is more than anybody can know of a training."""
    text = f"{value:.{_DIGITS}g}"
    if _WHOLE <= value < _COUNTABLE:
        return f"{float(text):.0f}"
    return number_text(float(text)) if "e" in text else text


def _source(result: Result | Sum | None, kind: str, where: str) -> str:
    means = {"gross": "gross (location-based)", "net": "net (after the operator's carbon-free purchases)"}[kind]
    assumed = ", rests on assumptions" if result is not None and result.basis == "assumed" else ""
    source = f"{tool().title}; {means}{assumed}"
    return quoted(f"{source}; from {where}" if where else source)


def _of_all(comparison: Comparison, kind: str, where: str) -> dict[str, str | None]:
    """The same keys for all scenarios together: places and hardware are listed; where the kind of training differs, it
    is unknown."""
    result = comparison.totals[-1].results.get(f"{kind}_kgco2e")
    of_each = [front_matter(one, kind) for one in comparison.scenarios]
    matter: dict[str, str | None] = {"emissions": _emissions(result, kind), "source": _source(result, kind, where)}
    for key, join in (("training_type", False), ("geographical_location", True), ("hardware_used", True)):
        said = list(dict.fromkeys(one[key] for one in of_each))
        whole = None not in said and (join or len(said) == 1)
        matter[key] = f'"{"; ".join((one or "")[1:-1] for one in said)}"' if whole else None
    return matter


def _section(one: Filled, kind: str) -> list[str]:
    """The section that Hugging Face's template has, by its own labels."""
    provider = one.region.record.provider if one.region and prose.place(one) != prose.UNKNOWN_PLACE else None
    said = {
        "Hardware Type": prose.processors(one),
        "Hours used": prose.hours_used(one),
        "Cloud Provider": _provider(provider, one) if provider else "unknown",
        "Compute Region": prose.place(one),
        "Carbon Emitted": f"{prose.with_range(one, f'{kind}_kgco2e')}, {kind}",
        "Energy": f"{prose.with_range(one, 'energy_kwh')}, PUE {prose.entry(one, 'pue')}{_metered(one)}",
    }
    return [escape(clean(one.name)), "", *(f"- **{label}:** {escape(text)}" for label, text in said.items())]


_METERED = {
    "measured": "metered",
    "entered": "metered, as entered",
    "published": "as published; whether it was metered is not known",
}


def _metered(one: Filled) -> str:
    """That the energy or the power is a meter's, or nothing where it is an estimate."""
    if (how := disclosure.method(one)) == disclosure.ESTIMATED:
        return "; from measured power" if "power" in one.inputs and one.inputs["power"].basis == "measured" else ""
    said = _METERED.get(how or "", "")
    before = " before PUE" if said and "energy" not in one.inputs else ""
    return f"; energy{before} {said}" if said else ""


def _provider(provider: str, one: Filled) -> str:
    """The provider as its regions' names begin, such as AWS, else by its id."""
    first = part_name(one, "region").split(" ")[0]
    return clean(first) if first.lower() == provider.lower() else provider


def number_text(value: float) -> str:
    """A number as every YAML reads it: one with an exponent needs a point to be no text."""
    text = repr(float(value))
    mantissa, sign, exponent = text.partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{sign}{exponent}"


def quoted(text: str) -> str:
    """The text as a YAML text in double quotes."""
    out = []
    for character in text:
        code = ord(character)
        if character in '\\"':
            out.append("\\" + character)
        elif character.isprintable():
            out.append(character)
        else:
            out.append(f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return f'"{"".join(out)}"'


def write(comparison: Comparison, _catalogue: Catalogue, **_: Any) -> str:
    """The comparison in this format."""
    return to_modelcard(comparison)
