"""A statement to paste into a paper or a form, with presets for what different readers ask: see `statements`."""

from __future__ import annotations

from carbontui.engine.comparison import Comparison
from carbontui.engine.scenario import Filled
from carbontui.engine.sources import sources_of
from carbontui.formats import PRESETS
from carbontui.formats.citation import tool
from carbontui.formats.statements import lines_of
from carbontui.text import prose
from carbontui.text.lifetime import lifetime_sentences, rates_sentence
from carbontui.text.notes import crossings_of
from carbontui.text.records import source_line
from carbontui.text.table import total_notes
from carbontui_registry.figures import Source
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.text.prose import Cite
    from carbontui_registry.catalogue import Catalogue


def statement(comparison: Comparison, preset: str = "patterson", *, lifetime: bool = False, rates: bool = False) -> str:
    """The statement on every scenario, with the sources and how to cite the tool below. Raises `KeyError`."""
    listed = sources_of(comparison)
    numbers = {source: n for n, source in enumerate(listed.by_source, 1)}

    def cite(sources: list[Source]) -> str:
        found = sorted(numbers[listed.same(source)] for source in sources)
        return f" [{', '.join(map(str, found))}]" if found else ""

    head = PRESETS[preset].heading
    if title := clean(comparison.question.title).strip():
        head = f"{head}: {title}"
    lines = [head]
    if note := clean(comparison.question.note).strip():
        lines += ["", note]
    for one in comparison.scenarios:
        name = clean(one.name)
        lines += ["", name, *paragraphs(one, preset, cite, lifetime=lifetime, rates=rates)]
    if not comparison.scenarios:
        lines += ["", "There are no scenarios."]
    if comparison.totals:
        lines += ["", *(clean(prose.total_sentence(one)) for one in comparison.totals)]
        lines += [f"{clean(note)}." for note in total_notes(comparison)]
    if comparison.crossings:
        lines += ["", *(f"Compare with care: {clean(crossing)}." for crossing in crossings_of(comparison))]
    lines += ["", "Sources"]
    lines += [f"[{n}] {clean(source_line(source))}" for source, n in numbers.items()]
    lines += ["", f"Made with {source_line(tool())}; please cite it."]
    return "\n".join(lines) + "\n"


def paragraphs(one: Filled, preset: str, cite: Cite, *, lifetime: bool = False, rates: bool = False) -> list[str]:
    """What the preset's text asks of one scenario, what is outside its training, and how it is known; one text a line.
    Raises `KeyError`."""
    told = lines_of(one, preset)
    told += lifetime_sentences(one) if lifetime else []
    told += [rates_sentence(one)] if rates else []
    return [text for text in (*told, prose.basis_sentences(one, cite), prose.notes_sentence(one)) if text]


def write(
    comparison: Comparison,
    _catalogue: Catalogue,
    *,
    preset: str = "patterson",
    lifetime: bool = False,
    rates: bool = False,
    **_: Any,
) -> str:
    """The statement that a preset asks for. Raises `KeyError`."""
    return statement(comparison, preset, lifetime=lifetime, rates=rates)
