"""Which places of a sweep are ranked together: those with factors of one coverage, and by net of one kind."""

from __future__ import annotations

from carbontui.engine.comparison import RATED_BY
from carbontui.engine.scenario import Filled, Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def ranked_kinds(places: Sequence[Filled], objective: str) -> dict[str, str]:
    """Of each text by which factors may be unlike, what the most places say; what no place says is absent."""
    found = {}
    for key in RATED_BY.get(objective, ()):
        kinds = _kinds(places, key, objective)
        if kinds:
            found[key] = max(sorted(set(kinds)), key=kinds.count)
    return found


def unlike(one: Filled, ranked: Mapping[str, str]) -> bool:
    """Whether the factors say that they are of another kind than those ranked."""
    return any(one.texts.get(key, kind) != kind for key, kind in ranked.items())


def kind_notes(places: Sequence[Filled], objective: str, ranked: Mapping[str, str]) -> list[Note]:
    """What stands apart, a note for each text by which factors are unlike."""
    codes = {"coverage": "sweep-coverages", "net_basis": "sweep-net-kinds"}
    return [
        Note(key, codes[key], (kind, others))
        for key, kind in ranked.items()
        if (others := tuple(sorted({*_kinds(places, key, objective)} - {kind})))
    ]


def _kinds(places: Sequence[Filled], key: str, objective: str) -> list[str]:
    return [place.texts[key] for place in places if key in place.texts and objective in place.inputs]
