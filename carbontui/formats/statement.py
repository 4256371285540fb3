"""A statement to paste into a paper or a form, with presets for what different readers ask.

`patterson` answers what Patterson et al. 2021 (arXiv:2104.10350, section 5) ask authors to report; `ghg` sets Scope 2
location-based beside market-based and says what is upstream (GHG Protocol, Scope 2 Guidance, 2015); `eu-ai-act` gives
compute, time, energy and method (Regulation (EU) 2024/1689, Annex XI, section 1, points 2(d) and 2(e)); `sci` gives
the software carbon intensity per functional unit (ISO/IEC 21031:2024).
"""

from __future__ import annotations

from carbontui.engine.comparison import Comparison
from carbontui.engine.scenario import Filled
from carbontui.engine.sources import sources_of
from carbontui.formats import PRESETS
from carbontui.formats.citation import tool
from carbontui.text import display, prose
from carbontui.text.notes import crossings_of
from carbontui.text.records import source_line
from carbontui.text.table import part_name
from carbontui_registry.figures import Source
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.text.prose import Cite
    from carbontui_registry.catalogue import Catalogue


def statement(comparison: Comparison, preset: str = "patterson") -> str:
    """The statement on every scenario, with the sources and how to cite the tool below. Raises `KeyError`."""
    listed = sources_of(comparison)
    numbers = {source: n for n, source in enumerate(listed.by_source, 1)}

    def cite(sources: list[Source]) -> str:
        found = sorted(numbers[listed.same(source)] for source in sources)
        return f" [{', '.join(map(str, found))}]" if found else ""

    head = PRESETS[preset]
    if title := clean(comparison.question.title).strip():
        head = f"{head}: {title}"
    lines = [head]
    if note := clean(comparison.question.note).strip():
        lines += ["", note]
    for one in comparison.scenarios:
        name = clean(one.name)
        lines += ["", name, *paragraphs(one, preset, cite)]
    if not comparison.scenarios:
        lines += ["", "There are no scenarios."]
    if comparison.crossings:
        lines += ["", *(f"To be compared with care: {clean(crossing)}." for crossing in crossings_of(comparison))]
    lines += ["", "Sources"]
    lines += [f"[{n}] {clean(source_line(source))}" for source, n in numbers.items()]
    lines += ["", f"Made with {source_line(tool())}; cite it as such."]
    return "\n".join(lines) + "\n"


def paragraphs(one: Filled, preset: str, cite: Cite) -> list[str]:
    """What the preset says of one scenario, one text a paragraph. Raises `KeyError`."""
    told = {"patterson": _patterson, "ghg": _ghg, "eu-ai-act": _eu_ai_act, "sci": _sci}[preset](one, cite)
    return [text for text in (*told, prose.notes_sentence(one)) if text]


def _patterson(one: Filled, cite: Cite) -> list[str]:
    return [
        f"{prose.run_sentence(one)} {prose.factor_sentence(one)}",
        " ".join(filter(None, (prose.energy_sentence(one), prose.published_sentence(one)))),
        prose.basis_sentences(one, cite),
    ]


def _ghg(one: Filled, cite: Cite) -> list[str]:
    net = f"Scope 2, market-based: {prose.amount(one, 'net_kgco2e')}{prose.within(one, 'net_kgco2e')}"
    if "net" in one.inputs:
        basis = prose.NET_WORDS.get(one.texts.get("net_basis", ""), "matched in an unknown way")
        net += (
            f", from {prose.entry(one, 'net')} after the operator's carbon-free purchases ({basis}); whether these meet"
            " the quality criteria of the Guidance is for the operator to say"
        )
    upstream = {
        "direct": "The factors count what the power plants emit; fuel supply and grid losses are upstream (Scope 3,"
        " category 3) and not in these figures.",
        "lifecycle": "The factors count the whole life cycle, so that what is upstream (Scope 3, category 3: fuel"
        " supply, building of plants) is in these figures; Scope 2 alone is smaller.",
    }.get(
        one.texts.get("coverage", ""),
        "Whether the factors hold what is upstream (Scope 3, category 3: fuel supply, grid losses) is unknown.",
    )
    return [
        f"{prose.run_sentence(one)} Energy is {prose.amount(one, 'energy_kwh')}, PUE included.",
        f"Scope 2, location-based: {prose.amount(one, 'gross_kgco2e')}{prose.within(one, 'gross_kgco2e')}, from"
        f" {prose.entry(one, 'gross')}.",
        f"{net}.",
        f"Upstream: {upstream} {_embodied(one)} To a customer of a cloud all of this is Scope 3, category 1.",
        prose.basis_sentences(one, cite),
    ]


def _embodied(one: Filled) -> str:
    figure = one.hardware.record.embodied if one.hardware else None
    if figure is None:
        return "What making the hardware emits (Scope 3) is unknown and not in these figures."
    of = clean(part_name(one, "hardware"))
    value = display.shown(figure.value, "co2e")
    source = figure.source or (one.hardware.record.source if one.hardware else None)
    mark = f" ({clean(source_line(source))})" if source else ""
    return f"Making one {of} emits {value}CO2e, {figure.basis}{mark}; no share of it is in these figures."


def _eu_ai_act(one: Filled, cite: Cite) -> list[str]:
    known = "energy" in one.inputs and one.inputs["energy"].basis in ("measured", "published", "entered")
    result = one.results.get("energy_kwh")
    if result is None:
        method = "It is not known, and the computational resources known do not give it."
    elif known:
        method = f"It is known: {one.inputs['energy'].basis}, facility overhead (PUE) included."
    else:
        method = "It is estimated from the computational resources used: energy = accelerator-hours x mean power x PUE."
    return [
        f"Point 2(d), computational resources: {prose.entry(one, 'compute')} for training {prose.model_name(one)}, on"
        f" {prose.processors(one)}; training time {prose.time_taken(one)}.",
        f"Point 2(e), energy consumption of training: {prose.amount(one, 'energy_kwh', ('MWh', 1e3))}"
        f"{prose.within(one, 'energy_kwh')}. {method} Mean power {prose.entry(one, 'power')} per accelerator, PUE"
        f" {prose.entry(one, 'pue')}. Energy of inference is not in it.",
        prose.basis_sentences(one, cite),
    ]


def _sci(one: Filled, cite: Cite) -> list[str]:
    energy, unit = one.result("energy_kwh"), "training run"
    more = ""
    if energy is not None and "queries" in one.inputs and one.inputs["queries"].value:
        unit = "query"
        energy /= one.inputs["queries"].value
        if "energy_per_query" in one.inputs:
            energy += one.inputs["energy_per_query"].value
            more = f" (its share of the training and {prose.entry(one, 'energy_per_query')} of its own)"
        else:
            more = " (its share of the training only: the energy of a query itself is unknown)"
    factor = one.inputs["gross"].value if "gross" in one.inputs else None
    intensity = "unknown"
    if energy is not None and factor is not None:
        intensity = f"{display.shown(energy * factor / 1000, 'co2e')}CO2e per {unit}"
    return [
        f"Functional unit R: one {unit}{more}. {prose.run_sentence(one)}",
        f"Energy E: {display.shown(energy, 'energy') if energy is not None else 'unknown'} per {unit}, PUE included."
        f" Carbon intensity I: {prose.entry(one, 'gross')}, location-based, without market-based measures."
        f" {prose.coverage_sentence(one)}",
        f"Operational emissions E x I: {intensity}{prose.within(one, 'gross_kgco2e') if unit != 'query' else ''}.",
        "Embodied emissions M: not in this figure, as the share of the hardware's service life is unknown."
        f" {_embodied(one)} The intensity with M, (E x I + M) per R, is larger than E x I.",
        prose.basis_sentences(one, cite),
    ]


def write(comparison: Comparison, _catalogue: Catalogue, *, preset: str = "patterson", **_: Any) -> str:
    """The statement that a preset asks for. Raises `KeyError`."""
    return statement(comparison, preset)
