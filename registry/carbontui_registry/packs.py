"""Packs: hardware, regions, models, runs, offers and measurements as TOML, without code."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from carbontui_registry.durable import native
from carbontui_registry.errors import InvalidPack
from carbontui_registry.records import RECORDS, Record
from carbontui_registry.report import CONTRACT, LimitPassed, contract_asked, noting
from carbontui_registry.text import clean, did_you_mean
from carbontui_registry.values import Value, set_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from typing import Any

    from carbontui_registry.records import Hardware, Measurement, Model, Offer, Region, TrainingRun

LARGEST_PACK = 16 * 2**20


class Reads:
    """The packs that were read, whether they could be used or not, and what is unlikely about them as a whole."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.packs: dict[str, Pack] = {}
        self.warnings: list[str] = []


# Not an argument: between the registry and `load_pack` stands the code of a plugin, which knows nothing of it.
_reads: ContextVar[Reads] = ContextVar("reads")


@contextmanager
def recorded() -> Iterator[Reads]:
    """Record what is read meanwhile, by the code of a plugin too."""
    reads = Reads()
    token = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(token)


class Pack(Value):
    """The records of one pack. Inside a plugin, a wrong record is among them and keeps its problems."""

    path: str
    hardware: list[Hardware]
    regions: list[Region]
    models: list[Model]
    runs: list[TrainingRun]
    offers: list[Offer]
    measurements: list[Measurement]
    warnings: tuple[str, ...] = ()


def load_pack(path: str | Path | Traversable) -> Pack:
    """Read one pack.

    Raises `InvalidPack` with everything that is wrong in it. While the registry calls a plugin, only a pack that is
    no TOML at all raises; a wrong record is kept with its problems, and the registry sets it aside.
    """
    pack = read_pack(path)
    if noting.get() is None:
        problems = [problem for record in records_of(pack) for problem in record.problems]
        if problems:
            raise InvalidPack(pack.path, problems)
    return pack


def records_of(pack: Pack) -> list[Record]:
    """All records of the pack, of every kind."""
    return [*pack.hardware, *pack.regions, *pack.models, *pack.runs, *pack.offers, *pack.measurements]


def read_pack(path: str | Path | Traversable) -> Pack:
    """Read one pack and keep its wrong records, each with its problems by file and line.

    Raises `InvalidPack` when the file is no pack at all.
    """
    import tomllib

    shown = str(path)
    reads = _reads.get(Reads())
    reads.paths.append(shown)
    try:
        # Opening a pipe waits for somebody to write into it.
        mode = os.stat(native(shown)).st_mode if isinstance(path, str | Path) else stat.S_IFREG
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise InvalidPack(shown, ["cannot be read: it is a pipe or a device, not a file"])
        with path.open("rb") if not isinstance(path, str) else open(native(path), "rb") as file:
            raw = file.read(LARGEST_PACK + 1)
    except OSError as error:
        raise InvalidPack(shown, [f"cannot be read: {error.strerror or error}"]) from None
    if len(raw) > LARGEST_PACK:
        raise InvalidPack(shown, [f"is larger than {LARGEST_PACK >> 20} MiB"])
    try:
        text = raw.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InvalidPack(shown, [f"line {line}: is not UTF-8"]) from None
    except ValueError as error:  # not TOML, or a number of thousands of digits
        raise InvalidPack(shown, [f"is not TOML: {clean(str(error))}"]) from None
    except RecursionError:
        raise InvalidPack(shown, ["is nested too deeply"]) from None

    version = tables.pop("pack", None)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InvalidPack(shown, ["line 1: needs the version of the format, 'pack = 1', before its first table"])
    defaults = {"source": tables.pop("source")} if "source" in tables else {}
    asked = max(version, contract_asked())
    token = noting.set(lambda: asked)
    try:
        made: dict[str, list[Any]] = {kind: _records(kind, tables, defaults, text, shown) for kind in RECORDS}
    finally:
        noting.reset(token)
    unknown = []
    for name in tables:
        if name not in RECORDS:
            line = _line_of(text, rf"\s*\[*\s*[\"']?{re.escape(name)}")
            known = clean(name[:40])
            unknown.append(f"line {line}: {known!r} is not known{did_you_mean(known, (*RECORDS, 'source'))}")
    if unknown and asked <= CONTRACT:
        raise InvalidPack(shown, [*unknown, *(p for records in made.values() for r in records for p in r.problems)])
    warnings = [f"{Path(shown).name}, {said}; ignored" for said in unknown]
    if version > CONTRACT:
        warnings.insert(0, f"{Path(shown).name}: is written for contract {version}; this carbontui knows {CONTRACT}")
    reads.warnings.extend(warnings)
    pack = Pack(
        *(shown, made["hardware"], made["region"], made["model"], made["run"], made["offer"], made["measurement"]),
        warnings=tuple(warnings),
    )
    reads.packs[shown] = pack
    return pack


def _records(kind: str, tables: dict[str, Any], defaults: dict[str, Any], text: str, shown: str) -> list[Record]:
    entries = tables.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        line = _line_of(text, rf"\s*\[?\s*{kind}\b")
        raise InvalidPack(shown, [f"line {line}: write [[{kind}]], once for each"])
    made = []
    lines: _Lines | None = None
    for number, entry in enumerate(entries):
        try:
            record = RECORDS[kind](**{**defaults, **entry})
        except LimitPassed as error:
            raise InvalidPack(shown, [f"{kind} {number + 1}: {error}"]) from None
        if record.problems:
            lines = lines or _Lines(text, kind)
            placed = (f"{Path(shown).name}, line {lines.of(number, p)}: {p}" for p in record.problems)
            set_field(record, "problems", tuple(placed))
        made.append(record)
    return made


class _Lines:
    """The lines of a pack in which its records of a kind begin and end."""

    def __init__(self, text: str, kind: str) -> None:
        self._lines = text.splitlines()
        header = re.compile(rf"\s*\[\[\s*{kind}\s*\]\]")
        self._headers = [n for n, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*\w+\s*\]\]", line)]
        self._starts = [n for n in self._headers if header.match(self._lines[n])]

    def of(self, number: int, problem: str) -> int:
        """The line, from 1, of the key that a problem of a record begins with, else of the record."""
        start = self._starts[number] if number < len(self._starts) else 0
        after = bisect_right(self._headers, start)
        end = self._headers[after] if after < len(self._headers) else len(self._lines)
        line = start
        for key in (k for k in re.split(r"[.\[\]]", problem.split(":", 1)[0]) if k and not k.isdigit()):
            pattern = re.compile(rf"(?:^|[{{,.\[\s])[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
            line = next((n for n in range(line, end) if pattern.search(self._lines[n])), line)
        return line + 1


def _line_of(text: str, pattern: str) -> int:
    found = re.search("^" + pattern, text, re.MULTILINE)
    return text[: found.end()].count("\n") + 1 if found else 1
