"""Which records ids, aliases and globs mean."""

from __future__ import annotations

import re

from carbontui.engine.lookup import named
from carbontui.engine.scenario import ScenarioError
from carbontui_registry.text import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbontui_registry.catalogue import Catalogue, Registered


def chosen(catalogue: Catalogue, kind: str, wanted: Sequence[str]) -> list[Registered]:
    """The records that ids, aliases, other names as in a SPEC, and globs mean, each once, in the registry's order.

    Where none is named, all there are; of regions the datacenters, which have a provider. Raises `UnknownName`, and
    `ScenarioError` for a glob that nothing matches.
    """
    from fnmatch import translate

    everything = catalogue.all(kind)
    if not wanted:
        return [r for r in everything if kind != "region" or r.record.provider]
    ids: set[str] = set()
    for word in wanted:
        if is_glob(word):
            matches = re.compile(translate(word.lower())).match
            found = {r.id for r in everything if any(map(matches, (r.id, *r.record.aliases)))}
            if not found:
                raise ScenarioError(
                    f"no {kind} matches {word!r}{did_you_mean(word.strip('*?:'), catalogue.names(kind))}"
                )
            ids |= found
        else:
            ids.add(named(catalogue, kind, word).id)
    return [r for r in everything if r.id in ids]


def is_glob(word: str) -> bool:
    """Whether a word means all that match it."""
    return any(sign in word for sign in "*?[")


def named_ids(catalogue: Catalogue, kind: str, wanted: Sequence[str]) -> frozenset[str]:
    """The ids of what was named itself, by no glob."""
    return frozenset(named(catalogue, kind, word).id for word in wanted if not is_glob(word))
