"""CSV files of other tools, row by row, with errors that say where."""

from __future__ import annotations

import os

from carbontui.errors import EmptyFile, FileError
from carbontui.files import decoded, standard_input
from carbontui.importers.reading import LARGEST_NUMBER, MOST_SCENARIOS, Reading, no_rows, number_of, shown
from carbontui_registry.durable import native
from carbontui_registry.text import clean, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from carbontui.engine.scenario import Scenario

LONGEST_LINE = 2**20
MOST_COLUMNS = 1000
_CUT_OFF = "has a block of NUL bytes, as left by an interrupted write"
# Progress is reported every this many bytes.
_STEP = 2**20


def lines_of(path: str, reading: Reading) -> Iterator[str]:
    """The lines of a file in UTF-8, one after the other. Raises `FileError`."""
    number, name = 0, shown(path)
    try:
        file = standard_input() if path == "-" else open(native(path), "rb")  # noqa: SIM115
        try:
            total = 0 if path == "-" else os.fstat(file.fileno()).st_size
            done, told = 0, 0
            while raw := file.readline(LONGEST_LINE + 1):
                number += 1
                if b"\0" in raw and number > 1:
                    if not reading.partial:
                        kept = "carbontui import --partial keeps the rows before it"
                        raise FileError(f"{shown(path)}, line {number}: {_CUT_OFF}; {kept}")
                    reading.warn(path, f"{_CUT_OFF}, and is left out with all that follows", number)
                    return
                if len(raw) > LONGEST_LINE:
                    raise FileError(f"{shown(path)}, line {number}: is longer than {LONGEST_LINE >> 20} MiB")
                done += len(raw)
                if reading.progress is not None and done - told >= _STEP:
                    told = done
                    reading.progress(path, done, total)
                if number > 1 and not raw.endswith(b"\n"):
                    reading.cut_off[path] = number
                    reading.warn(path, "is incomplete, as in a file that was cut off, and is left out", number)
                    return
                try:
                    yield raw.decode() if number > 1 else decoded(name, raw)
                except UnicodeDecodeError:
                    yield decoded(name, raw, number)
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
        at = self.table.at.get(column)
        if at is None:
            return None
        try:
            # Nearly every cell: the rest is for what is empty or wrong.
            value = float(self.cells[at])
            if 0 <= value <= LARGEST_NUMBER and "_" not in self.cells[at]:
                return value
        except ValueError:
            pass
        text = self.text(column)
        if not text or text in unknown:
            return None
        bare = text.removesuffix(unit).rstrip() if unit else text
        try:
            return number_of(bare)
        except ValueError as error:
            what = str(error).replace("point,", f"point, optionally followed by {unit},") if unit else str(error)
            raise self.wrong(column, what) from None

    def part(self, column: str) -> float | None:
        """The cell as a number that is finite, or None where it is empty; may be below 0. Raises `FileError`."""
        at = self.table.at.get(column)
        if at is None or "-" not in self.cells[at]:
            return self.number(column)
        text = self.text(column)
        if not text.startswith("-"):
            return self.number(column)
        try:
            value = float(text)
        except ValueError:
            value = -2 * LARGEST_NUMBER
        if not value >= -LARGEST_NUMBER:
            raise self.wrong(column, "must be a number with a decimal point")
        return value

    def pue(self, column: str) -> float | None:
        """The cell as a PUE, or None where it is empty. Raises `FileError`."""
        value = self.number(column)
        if value is not None and value < 1:
            raise self.wrong(column, "is below 1; PUE is facility energy / IT energy and cannot be below 1")
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
        self.reading = reading
        self.at: dict[str, int] = {}
        self._rows = csv.reader(lines_of(path, reading), delimiter=delimiter, strict=True, skipinitialspace=True)
        self.header = self._next()
        if self.header is None:
            raise EmptyFile(f"{shown(path)}: is empty; {what} begins with a line of column names")
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
                if any(map(str.strip, cells)):
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
                have = f"has {len(cells):,} cells but the header has {width:,}"
                raise FileError(f"{shown(self.path)}, line {self.line}: {have}; fix or delete this line")
            if cells != self.header:
                yield Row(self, self.line, cells)


def each_row(table: Table, scenario: Callable[[Row], Scenario]) -> tuple[Scenario, ...]:
    """A scenario for each row. Raises `FileError`, also where there is none, or more than are read at once."""
    made: list[Scenario] = []
    for row in table.rows():
        if len(made) == MOST_SCENARIOS:
            raise row.wrong("", f"is row {MOST_SCENARIOS + 1:,}; import at most {MOST_SCENARIOS:,} at once")
        made.append(scenario(row))
    if not made:
        raise no_rows(table.path, table.reading)
    return tuple(made)


def scaled(value: float | None, factor: float) -> float | None:
    """The value in the engine's unit; None, for the unknown, where it is 0 or not known."""
    return value * factor if value else None


def named_hardware(reading: Reading, name: str, notes: list[str]) -> str | None:
    """The id of the hardware of this name; a note says where there is none, or several."""
    found = reading.names.candidates(name) if name else ()
    if len(found) > 1:
        notes.append(f"{name} could be {' or '.join(one.id for one in found)}")
    elif not found:
        notes.append(f"hardware unknown to the registry: {name}" if name else "hardware not named")
    return found[0].id if len(found) == 1 else None
