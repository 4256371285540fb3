"""What readers share: the registry while they read, what was odd, and the parts of a scenario.

Every reader goes through a file once, in bounded memory, and gives scenarios whose figures are carried with the basis
that the tool claims. What a file does not say stays unknown.
"""

from __future__ import annotations

import os
import re

from carbontui.engine.ledger.entry import EARLIEST, LATEST, LONGEST
from carbontui.errors import EmptyFile
from carbontui.importers.clock import seconds_of
from carbontui.importers.names import Names
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure, Source
from carbontui_registry.text import LONGEST_TEXT, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbontui.importers.cluster import Cluster
    from carbontui_registry.figures import Basis

    # Bytes read so far, bytes in all.
    Progress = Callable[[str, int, int], None]

# In any unit that the tools write: more than a world's worth of anything, and products of two stay finite.
LARGEST_NUMBER = 1e15
MOST_SCENARIOS = 10_000
LONGEST_NOTE = 1900
_LINES_NAMED = 3


class Reading:
    """What the readers share while they read: the registry, what was asked, and what one should know afterwards.

    `partial` keeps the rows before a cut-off, `interval` is the time in s between the samples of a log without times,
    `cluster` what a lab says of its Slurm cluster, for every log; without it that which is beside each log holds.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        each: bool = False,
        progress: Progress | None = None,
        partial: bool = False,
        interval: float | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.names = Names(catalogue)
        self.each = each
        self.progress = progress
        self.partial = partial
        self.interval = interval
        self.cluster = cluster
        # Cluster files beside logs, and which file was taken for which logs.
        self.clusters: dict[str, Cluster] = {}
        self.described: dict[str, list[str]] = {}
        # Of Slurm's jobs without a start, by their ids, what their lines say.
        self.without_start: dict[str, str] = {}
        # The last line of a file that lacks its end.
        self.cut_off: dict[str, int] = {}
        # Of files that were left out as there is nothing in them, why.
        self.empty: list[EmptyFile] = []
        self._said: dict[tuple[str, str], list[int]] = {}
        self._times: dict[tuple[str, str], int] = {}

    @property
    def warnings(self) -> list[str]:
        """What is odd but possible, one sentence each, with the lines where it was seen."""
        found = [
            f"{path}{_lines(self._said[path, text], self._times[path, text])}: {text}" for path, text in self._said
        ]
        return [*found, *(f"{error}; left out" for error in self.empty)]

    def warn(self, path: str, text: str, line: int = 0) -> None:
        """Note something that is odd but possible; the same of several lines is one sentence."""
        at = (shown(path), clean(text))
        lines = self._said.setdefault(at, [])
        self._times[at] = self._times.get(at, 0) + 1
        if line and len(lines) < _LINES_NAMED:
            lines.append(line)

    def time(self, path: str, text: str, line: int = 0) -> float | None:
        """A time that a file has, in s since 1970 by its own clock; one that cannot be read is named."""
        found = seconds_of(text)
        if found is None and text.strip().lower() not in ("", "unknown", "none", "n/a"):
            self.warn(path, "a time that cannot be read (expected: 2026-01-31T12:00:00): its month is unknown", line)
        return found

    def start(self, path: str, start: float | None, hours: float | None, line: int = 0) -> float | None:
        """When a run began, in s since 1970; None for an impossible time, whose month is then unknown."""
        if hours is not None and hours > LONGEST:
            self.warn(path, "a run of more than 20 years: its start is not used", line)
            return None
        if start is not None and not EARLIEST <= start < LATEST:
            self.warn(path, "a run that began before 1970 or after 2199: its start is not used", line)
            return None
        return start


def no_rows(path: str, reading: Reading) -> EmptyFile:
    """The error of a table without rows, which says so where its only one was cut off."""
    line = reading.cut_off.get(path)
    if line is None:
        return EmptyFile(f"{shown(path)}: has no rows below its header")
    what = "the last line is incomplete, as in a file that was cut off, and was left out; there is no other row"
    return EmptyFile(f"{shown(path)}, line {line}: {what}")


def _lines(lines: list[int], times: int) -> str:
    if not lines:
        return ""
    more = f" and {times - len(lines):,} more" if times > len(lines) else ""
    return f", line{'s' if times > 1 else ''} {', '.join(map(str, lines))}{more}"


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


def number_of(text: str) -> float:
    """A number as logs write it, from 0 to `LARGEST_NUMBER`. Raises `ValueError`, which says what would be right."""
    try:
        value = float(text) if "_" not in text else -1.0
    except ValueError:
        value = -1.0
    if 0 <= value <= LARGEST_NUMBER:
        return value
    if value > LARGEST_NUMBER:
        raise ValueError(f"must be at most {LARGEST_NUMBER:g}, and not negative")
    raise ValueError("must be a number with a decimal point, and not negative")


def whole_of(text: str) -> int:
    """A whole number as logs write it, from 0 to `LARGEST_NUMBER`. Raises `ValueError`."""
    if not text.isdecimal():
        raise ValueError("must be a whole number")
    return int(number_of(text))


def year_of(text: str) -> int | None:
    """The year at the beginning of a time stamp."""
    match = re.match(r"(?:19|20)[0-9]{2}(?=[-/]|\Z)", text.strip())
    return int(match[0]) if match else None
