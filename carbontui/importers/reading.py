"""What readers share: the registry while they read, names of hardware and places, and the parts of a scenario.

Every reader goes through a file once, in bounded memory, and gives scenarios whose figures are carried with the basis
that the tool claims. What a file does not say stays unknown.
"""

from __future__ import annotations

import os
import re

from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.figures import Figure, Source
from carbontui_registry.text import LONGEST_TEXT, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbontui_registry.figures import Basis

    # Bytes read so far, bytes in all.
    Progress = Callable[[str, int, int], None]

# In any unit that the tools write: more than a world's worth of anything, and products of two stay finite.
LARGEST_NUMBER = 1e15
MOST_SCENARIOS = 10_000
LONGEST_NOTE = 1900

_MAKERS = frozenset(
    ("nvidia", "tesla", "geforce", "amd", "instinct", "radeon", "intel", "habana", "google", "corporation", "graphics")
)


def hardware_key(name: str) -> str:
    """The name of an accelerator without its maker, signs and capitals: `NVIDIA A100-SXM4-80GB` is `a100sxm480gb`."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "".join(word for word in words if word not in _MAKERS)


class Reading:
    """What the readers share while they read: the registry, what was asked, and what one should know afterwards."""

    def __init__(self, catalogue: Catalogue, *, each: bool = False, progress: Progress | None = None) -> None:
        self.catalogue = catalogue
        self.each = each
        self.progress = progress
        self.warnings: list[str] = []
        self._printed: dict[str, str | None] = {}
        self._hardware: dict[str, str] | None = None
        self._places: dict[str, str] | None = None
        self._known: dict[tuple[str, str], str | None] = {}

    def warn(self, text: str) -> None:
        """Note something that is odd but possible."""
        self.warnings.append(clean(text))

    def hardware(self, name: str) -> str | None:
        """The id of the hardware that a tool calls so, or None."""
        if name not in self._printed:
            printed = self.catalogue.hardware_by_tool_name(name)
            self._printed[name] = printed.id if printed else None
        if (known := self._printed[name]) is not None:
            return known
        if self._hardware is None:
            self._hardware = {}
            for one in self.catalogue.all("hardware"):
                if one.first_party:
                    for known in (one.record.name, one.id, *one.record.aliases):
                        self._hardware.setdefault(hardware_key(known), one.id)
        found = self._hardware.get(hardware_key(name))
        return found if found and self.known("hardware", found) else None

    def known(self, kind: str, name: str) -> str | None:
        """The id of the record of this name, or None."""
        if (kind, name) not in self._known:
            try:
                self._known[kind, name] = self.catalogue.find(kind, name).id
            except UnknownName:
                self._known[kind, name] = None
        return self._known[kind, name]

    def country(self, code: str) -> str | None:
        """The id of the grid of a country of two or three letters, or None."""
        from carbontui.importers.countries import ALPHA_2

        code = code.strip().upper()
        two = ALPHA_2.get(code, code if len(code) == 2 else "")
        return self.known("region", f"grid:{two.lower()}") if two else None

    def country_named(self, name: str) -> str | None:
        """The id of the grid of the country of this name or code, or None."""
        found = self.place(name)
        return found if found and len(found) == len("grid:xx") else self.country(name)

    def place(self, name: str, within: str = "grid:") -> str | None:
        """The id of the grid of this name, among those whose ids begin so, or None."""
        if self._places is None:
            self._places = {}
            for one in self.catalogue.all("region"):
                if one.first_party and one.id.startswith("grid:"):
                    for prefix in ("grid:", f"{one.id.rpartition('-')[0]}-"):
                        self._places.setdefault(f"{prefix} {one.record.name.lower()}", one.id)
        return self._places.get(f"{within} {name.strip().lower()}")


def shown(path: str) -> str:
    """The path for a message."""
    return "standard input" if path == "-" else clean(path)


def stem(path: str) -> str:
    """What a file is called without folder and end, to name a scenario by."""
    return "standard input" if path == "-" else name_of(os.path.splitext(os.path.basename(path))[0], "log")


def name_of(text: str, otherwise: str) -> str:
    """A name from a file as the name of a scenario."""
    return clean(text)[:LONGEST_TEXT].strip() or otherwise


def source_of(tool: str, what: str, year: int | None = None, url: str | None = None) -> Source:
    """The tool's file as a source."""
    return Source(clean(f"{tool}, {what}")[:LONGEST_TEXT], url, year)


def note_of(parts: Sequence[str]) -> str:
    """What one should know of a scenario, in sentences that a file can hold."""
    text = "; ".join(clean(part) for part in parts if part)
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"


def figures(source: Source, **given: tuple[float | None, Basis]) -> tuple[tuple[str, Figure], ...]:
    """Key, value in the engine's unit and basis as carried figures; what is None is left out."""
    return tuple((key, Figure(v, basis, None, source)) for key, (v, basis) in given.items() if v is not None)


def year_of(text: str) -> int | None:
    """The year at the beginning of a time stamp."""
    match = re.match(r"(?:19|20)[0-9]{2}(?=[-/]|\Z)", text.strip())
    return int(match[0]) if match else None
