"""Ways in: what other tools write, as scenarios. One module a tool; what they share stands here.

Every reader goes through a file once, in bounded memory, and gives scenarios whose figures are carried with the basis
that the tool claims. What a file does not say stays unknown.
"""

from __future__ import annotations

import os
import re
import sys

from carbontui.exchange.files import FileError, decoded
from carbontui_registry.catalogue import Catalogue, UnknownName
from carbontui_registry.records import Figure, Source
from carbontui_registry.text import LONGEST_TEXT, clean, did_you_mean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from carbontui.scenario import Scenario
    from carbontui_registry.records import Basis

    # Bytes read so far, bytes in all.
    Progress = Callable[[str, int, int], None]

# Kind -> what it reads.
KINDS = {
    "codecarbon": "CodeCarbon's emissions.csv",
    "boamps": "a BoAmps report in JSON",
    "nvidia-smi": "a log of nvidia-smi --query-gpu=timestamp,power.draw --format=csv",
    "llmcarbon": "LLMCarbon's database.csv",
    "green-algorithms": "the CSV that the Green Algorithms calculator exports",
    "mlco2": "a CSV of hardware and hours, as the ML CO2 Impact form asks for",
}
# In any unit that the tools write: more than a world's worth of anything, and products of two stay finite.
LARGEST_NUMBER = 1e15
LONGEST_LINE = 2**20
MOST_COLUMNS = 1000
MOST_SCENARIOS = 10_000
LONGEST_NOTE = 1900
# Progress is told once in so many bytes.
_STEP = 2**20

# How much of a file is looked at to tell what wrote it, and the columns by which it is told.
_LOOKED_AT = 2**16
_MARKS = {
    "codecarbon": {"energy_consumed"},
    "llmcarbon": {"computing device", "device #"},
    "green-algorithms": {"runTime_hour", "carbonIntensity"},
    "mlco2": {"hardware", "hours"},
}
_MAKERS = frozenset(
    ("nvidia", "tesla", "geforce", "amd", "instinct", "radeon", "intel", "habana", "google", "corporation", "graphics")
)
# As nvidia-smi names them, where this differs from what people call them.
_SMI_NAMES = {
    "p100sxm216gb": "p100-sxm2",
    "h10080gbhbm3": "h100-sxm5-80",
    "a10080gbpcie": "a100-pcie-80",
    "gh200480gb": "gh200",
    "rtx6000adageneration": "rtx-6000-ada",
}


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
        self._hardware: dict[str, str] | None = None
        self._places: dict[str, str] | None = None
        self._known: dict[tuple[str, str], str | None] = {}

    def warn(self, text: str) -> None:
        """Note something that is odd but possible."""
        self.warnings.append(clean(text))

    def hardware(self, name: str) -> str | None:
        """The id of the hardware that a tool calls so, or None."""
        if self._hardware is None:
            self._hardware = {}
            for one in self.catalogue.all("hardware"):
                if one.first_party:
                    for known in (one.record.name, one.id, *one.record.aliases):
                        self._hardware.setdefault(hardware_key(known), one.id)
        key = hardware_key(name)
        found = _SMI_NAMES.get(key) or self._hardware.get(key)
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
        from carbontui.exchange.countries import ALPHA_2

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


def kind_of(path: str) -> str | None:
    """The kind of file that this can only be, by its first lines, or None. Raises `FileError`."""
    try:
        with open(path, "rb") as file:
            raw = file.read(_LOOKED_AT)
    except (OSError, ValueError) as error:
        raise FileError(f"{shown(path)}: {getattr(error, 'strerror', None) or clean(str(error))}") from None
    text = raw.decode("utf-8-sig", "ignore").lstrip()
    if text.startswith("{"):
        return "boamps" if re.search(r'"(measures|powerConsumption|measurementMethod)"\s*:', text) else None
    first = next((line for line in text.splitlines() if line.strip()), "")
    names = {re.sub(r"\s*\[.*\]$", "", cell.strip().strip('"')) for cell in re.split("[,;]", first)}
    for kind, needed in _MARKS.items():
        if needed <= names:
            return kind
    power = any(name.startswith("power.draw") for name in names)
    is_log = ("timestamp" in names and power) or re.match(r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:.]+\s*,", first)
    return "nvidia-smi" if is_log else None


def read(kind: str, path: str, reading: Reading) -> tuple[Scenario, ...]:
    """The scenarios in one file of a tool. Raises `FileError`."""
    if kind == "codecarbon":
        from carbontui.exchange.codecarbon import read as read_one
    elif kind == "boamps":
        from carbontui.exchange.boamps import read as read_one
    elif kind == "nvidia-smi":
        from carbontui.exchange.nvidia_smi import read as read_one
    elif kind == "llmcarbon":
        from carbontui.exchange.calculators import read_llmcarbon as read_one
    elif kind == "green-algorithms":
        from carbontui.exchange.calculators import read_green_algorithms as read_one
    elif kind == "mlco2":
        from carbontui.exchange.calculators import read_mlco2 as read_one
    else:
        raise FileError(f"{clean(kind)!r} is no kind of file{did_you_mean(kind, KINDS)}; kinds are {listed(KINDS)}")
    return read_one(path, reading)


def read_files(kind: str, paths: Iterable[str], reading: Reading) -> tuple[Scenario, ...]:
    """The scenarios in several files of a tool, in their order. Raises `FileError`."""
    scenarios: list[Scenario] = []
    for path in paths:
        scenarios += read(kind, path, reading)
        if len(scenarios) > MOST_SCENARIOS:
            raise FileError(f"{shown(path)}: that makes more than {MOST_SCENARIOS:,} scenarios; import fewer at once")
    return tuple(scenarios)


# What readers are made of


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


def lines_of(path: str, reading: Reading) -> Iterator[str]:
    """The lines of a file in UTF-8, one after the other. Raises `FileError`."""
    number = 0
    try:
        file = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115
        try:
            total = 0 if path == "-" else os.fstat(file.fileno()).st_size
            done, told = 0, 0
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(raw) > LONGEST_LINE:
                    raise FileError(f"{shown(path)}, line {number}: is longer than {LONGEST_LINE >> 20} MiB")
                done += len(raw)
                if reading.progress is not None and done - told >= _STEP:
                    told = done
                    reading.progress(path, done, total)
                yield decoded(shown(path), raw, number)
        finally:
            if path != "-":
                file.close()
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(f"{shown(path)}: {getattr(error, 'strerror', None) or clean(str(error))}") from None


class Row:
    """A row of a table, with its cells by the name of their column."""

    __slots__ = ("cells", "line", "table")

    def __init__(self, table: Table, line: int, cells: list[str]) -> None:
        self.table = table
        self.line = line
        self.cells = cells

    def text(self, column: str) -> str:
        """The cell without spaces around it; "" where it is empty or there is no such column."""
        at = self.table.at.get(column)
        return self.cells[at].strip() if at is not None else ""

    def number(self, column: str, *, unit: str = "", unknown: Sequence[str] = ()) -> float | None:
        """The cell as a number that is finite and not negative, or None where it is empty. Raises `FileError`."""
        text = self.text(column)
        if not text or text in unknown:
            return None
        bare = text.removesuffix(unit).rstrip() if unit else text
        try:
            value = float(bare) if "_" not in bare else -1.0
        except ValueError:
            value = -1.0
        if 0 <= value <= LARGEST_NUMBER:
            return value
        right = "a number with a decimal point" + (f", and {unit} after it at most" if unit else "")
        if value > LARGEST_NUMBER:
            right = f"at most {LARGEST_NUMBER:g}"
        raise self.wrong(column, f"must be {right}, and not negative")

    def pue(self, column: str) -> float | None:
        """The cell as a PUE, or None where it is empty. Raises `FileError`."""
        value = self.number(column)
        if value is not None and value < 1:
            raise self.wrong(column, "is below 1; a PUE is facility energy over IT energy")
        return value

    def whole(self, column: str) -> int | None:
        """The cell as a whole number, or None where it is empty. Raises `FileError`."""
        value = self.number(column)
        if value is not None and value != int(value):
            raise self.wrong(column, "must be a whole number")
        return None if value is None else int(value)

    def wrong(self, column: str, what: str) -> FileError:
        """The error that says where the cell stands, what it says and what is wrong with it."""
        cell = f"{clean(self.text(column))[:60]!r} " if column else ""
        where = f", column {clean(column)[:60]}" if column else ""
        return FileError(f"{shown(self.table.path)}, line {self.line}{where}: {cell}{what}")


class Table:
    """A CSV file with a header, row by row. Raises `FileError`."""

    def __init__(
        self,
        path: str,
        reading: Reading,
        what: str,
        needed: Sequence[str],
        *,
        delimiter: str = ",",
        rename: Callable[[str], str] | None = None,
        guess: Callable[[list[str]], list[str] | None] | None = None,
    ) -> None:
        """`rename` makes a name of a column's title; `guess` names the columns where the first row is no header."""
        import csv

        self.path = path
        self.at: dict[str, int] = {}
        self._rows = csv.reader(lines_of(path, reading), delimiter=delimiter, strict=True, skipinitialspace=True)
        self.header = self._next()
        if self.header is None:
            raise FileError(f"{shown(path)}: is empty; {what} begins with a line of column names")
        self.first: list[str] | None = None
        if guess is not None and (names := guess(self.header)) is not None:
            self.first, self.header = self.header, names
        if len(self.header) > MOST_COLUMNS:
            raise FileError(f"{shown(path)}, line 1: has {len(self.header):,} columns; {what} has a few")
        for number, title in enumerate(self.header):
            name = rename(title.strip()) if rename else title.strip()
            if name in self.at:
                raise FileError(f"{shown(path)}, line {self.line}: has the column {clean(name)[:60]!r} twice")
            if name:
                self.at[name] = number
        for name in needed:
            if name not in self.at:
                hint = did_you_mean(name, [clean(n)[:60] for n in self.at])
                raise FileError(f"{shown(path)}, line {self.line}: has no column {name!r}, so it is not {what}{hint}")

    @property
    def line(self) -> int:
        """The number of the line that was read last."""
        return self._rows.line_num

    def _next(self) -> list[str] | None:
        import csv

        try:
            while (cells := next(self._rows, None)) is not None:
                if any(cell.strip() for cell in cells):
                    return cells
        except csv.Error as error:
            raise FileError(f"{shown(self.path)}, line {self.line}: is not CSV: {clean(str(error))[:100]}") from None
        return None

    def rows(self) -> Iterator[Row]:
        """The rows below the header; a header in between, as in files put together, is passed over."""
        assert self.header is not None
        width = len(self.header)
        if self.first is not None:
            yield Row(self, self.line, self.first)
        while (cells := self._next()) is not None:
            if len(cells) != width:
                have = f"has {len(cells):,} cells, and the header {width:,}"
                raise FileError(f"{shown(self.path)}, line {self.line}: {have}; mend or delete this line")
            if cells != self.header:
                yield Row(self, self.line, cells)
