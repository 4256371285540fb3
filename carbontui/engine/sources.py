"""The sources of a comparison, each under an id of its own."""

from __future__ import annotations

import re

from carbontui.engine.comparison import Comparison
from carbontui.engine.scenario import Filled
from carbontui.quantities import QUANTITIES
from carbontui_registry.figures import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from typing import Any


def source_id(source: Source) -> str:
    """The source's own id, else the slug of its title's first word and the year."""
    if source.id:
        return source.id
    word = re.sub(r"[^a-z0-9]+", "-", source.title.split()[0].lower()).strip("-") or "source"
    return f"{word}-{source.year}" if source.year else word


class SourceList:
    """Sources, each under an id of its own."""

    def __init__(self) -> None:
        self.by_source: dict[Source, str] = {}
        self._taken: set[str] = set()
        # The number from which on an id is tried, so that a thousand sources of one name take no million tries.
        self._next: dict[str, int] = {}
        self._same: dict[Source, Source] = {}

    def same(self, source: Source) -> Source:
        """The source as it is listed: the registry's and the same one from a file, with its id written out, are one."""
        if source not in self._same:
            self._same[source] = Source(source.title, source.url, source.year, source.licence, source_id(source))
        return self._same[source]

    def id_of(self, source: Source) -> str:
        """The id under which the source is listed."""
        source = self.same(source)
        if source not in self.by_source:
            own = source_id(source)
            name, number = own, self._next.get(own, 2)
            while name in self._taken:
                name, number = f"{own}-{number}", number + 1
            self._next[own] = number
            self._taken.add(name)
            self.by_source[source] = name
        return self.by_source[source]

    def listed(self) -> list[dict[str, Any]]:
        """The sources as data, in the order in which they were first needed."""
        out = []
        for source, name in self.by_source.items():
            fields = {"id": name, "title": source.title, "url": source.url, "year": source.year}
            fields["licence"] = source.licence
            out.append({k: v for k, v in fields.items() if v is not None})
        return out


# The order in which files have the inputs of a scenario.
_FIRST = (
    *("compute", "chips", "chip_hours", "duration", "power", "throughput", "utilisation", "pue", "gross", "net"),
    *("energy",),
)
FILE_ORDER = (*_FIRST, *(key for key in QUANTITIES if key not in _FIRST))


def _every(one: Filled) -> Container[str]:
    return one.inputs


def sources_of(comparison: Comparison, inputs: Callable[[Filled], Container[str]] = _every) -> SourceList:
    """Every source of a comparison: those of the inputs first, then those of what the inputs were computed from;
    `inputs` says which of a scenario's count."""
    sources = SourceList()
    taken = [
        [one.inputs[key] for key in FILE_ORDER if key in one.inputs and key in inputs(one)]
        for one in comparison.scenarios
    ]
    for source in (found.source for each in taken for found in each):
        if source is not None:
            sources.id_of(source)
    for one, each in zip(comparison.scenarios, taken, strict=True):
        terms = [term for found in each for term in found.terms]
        for figure_source in (*(term.figure.source for term in terms), *one.scenario.behind):
            if figure_source is not None:
                sources.id_of(figure_source)
    return sources
