"""Packs: hardware, regions, models, runs, offers and measurements as TOML, without code."""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from carbontui_registry.durable import native
from carbontui_registry.errors import InvalidPack
from carbontui_registry.fields import SOURCE_CHECK
from carbontui_registry.records import RECORDS, Record
from carbontui_registry.report import CONTRACT, NEWER, SHORTER, LimitPassed, OfPack, Report, contract_asked, noting
from carbontui_registry.said import Said
from carbontui_registry.text import clean, listed, nearest
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
        self.warnings: list[Said] = []


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
    warnings: tuple[Said, ...] = ()
    # What is wrong with the file beside its records.
    problems: tuple[Said, ...] = ()


def load_pack(path: str | Path | Traversable) -> Pack:
    """Read one pack.

    Raises `InvalidPack` with everything that is wrong in it. While the registry calls a plugin, only a pack that is
    not TOML at all raises; a wrong record is kept with its problems, and the registry rejects it.
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
    pack = look_into(path)
    if pack.problems:
        raise InvalidPack(pack.path, [*pack.problems, *(p for r in records_of(pack) for p in r.problems)])
    return pack


def look_into(path: str | Path | Traversable) -> Pack:
    """The same of a file that is TOML, with what keeps it from being a pack as its `problems`: a check says all at
    once. Raises `InvalidPack` when it is not TOML."""
    import tomllib

    shown = str(path)
    reads = _reads.get(Reads())
    reads.paths.append(shown)
    try:
        # Opening a pipe waits for somebody to write into it.
        mode = os.stat(native(shown)).st_mode if isinstance(path, str | Path) else stat.S_IFREG
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise InvalidPack(
                shown, [Said("cannot be read: it is a pipe or a device, not a file", expected="the name of a file")]
            )
        with path.open("rb") if not isinstance(path, str) else open(native(path), "rb") as file:
            raw = file.read(LARGEST_PACK + 1)
    except OSError as error:
        right = "check its name and who may read it"
        raise InvalidPack(shown, [Said(f"cannot be read: {error.strerror or error}", right)]) from None
    if len(raw) > LARGEST_PACK:
        raise InvalidPack(shown, [Said(f"is larger than {LARGEST_PACK >> 20} MiB", "split it into several packs")])
    try:
        text = raw.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InvalidPack(shown, [Said("is not UTF-8", "save it as UTF-8", line=line)]) from None
    except ValueError as error:  # not TOML, or a number of thousands of digits
        raise InvalidPack(shown, [_no_toml(error)]) from None
    except RecursionError:
        raise InvalidPack(shown, [Said("is nested too deeply", "write each record as a table of its own")]) from None

    wrong: list[Said] = []
    version = tables.pop("pack", None)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        what, right = "needs the version of the format", "write 'pack = 1' before its first table"
        given = "" if version is None else clean(str(version)[:40])
        wrong.append(Said(what, right, key="pack", given=given, expected="pack = 1", line=1))
        version = CONTRACT
    defaults = {"source": tables.pop("source")} if "source" in tables else {}
    lines = _Lines(text)
    asked = max(version, contract_asked())
    token = noting.set(OfPack(asked))
    try:
        made: dict[str, list[Any]] = {kind: _records(kind, tables, defaults, lines, shown, wrong) for kind in RECORDS}
    finally:
        noting.reset(token)
    unknown = [_no_table(name, text) for name in tables if name not in RECORDS]
    warnings: list[Said] = []
    if asked <= CONTRACT:
        wrong += unknown
    else:
        warnings += (
            Said(f"{said.given!r} is not known; ignored", expected=NEWER, line=said.line, file=shown)
            for said in unknown
        )
    if version > CONTRACT:
        what = f"is written for contract {version}; this carbontui supports {CONTRACT}"
        newer = Said(what, given=str(version), expected=NEWER, file=shown)
        warnings.insert(0, newer)
    if defaults and all("source" in entry for kind in RECORDS for entry in _entries(tables, kind)):
        warnings += _of_source(defaults["source"], lines, shown)
    pack = Pack(
        *(shown, made["hardware"], made["region"], made["model"], made["run"], made["offer"], made["measurement"]),
        warnings=tuple(warnings),
        problems=tuple(wrong),
    )
    if not wrong:
        reads.warnings.extend(warnings)
        reads.packs[shown] = pack
    return pack


def _entries(tables: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The tables of the records of a kind; a table in single brackets is one of them."""
    found = tables.get(kind, [])
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def _records(
    kind: str, tables: dict[str, Any], defaults: dict[str, Any], lines: _Lines, shown: str, wrong: list[Said]
) -> list[Record]:
    given, entries = tables.get(kind, []), _entries(tables, kind)
    if not isinstance(given, list) or len(entries) < len(given):
        line = _line_of(lines.text, rf"\s*\[?\s*{kind}\b")
        right = f"[[{kind}]], once for each"
        what = f"[{kind}] has single brackets" if isinstance(given, dict) else f"{kind} is not written as tables"
        wrong.append(Said(what, f"write {right}", line=line, expected=right))
    made = []
    for number, entry in enumerate(entries):
        try:
            record = RECORDS[kind](**{**defaults, **entry})
        except LimitPassed as error:
            wrong.append(Said(str(error), SHORTER, line=lines.of(kind, number), record=f"{kind} {number + 1}"))
            continue
        set_field(record, "place", (shown, lines.of(kind, number)))
        if record.problems:
            placed = (p.at(shown, lines.of(kind, number, p.key)) for p in record.problems)
            set_field(record, "problems", tuple(placed))
        made.append(record)
    return made


def _of_source(source: object, lines: _Lines, shown: str) -> Iterator[Said]:
    """What is said of the source for all where no record takes it: nobody would notice else."""
    report = Report()
    report.of_pack = True
    SOURCE_CHECK(source, "source", report)
    begins = _line_of(lines.text, r"\s*\[?\s*source\b")
    for said in (*report.problems, *report.warnings):
        yield said.at(shown, lines.of_key(begins, said.key))


def _no_toml(error: ValueError) -> Said:
    """Why a text is no TOML; a line is told only in the words of the error."""
    return Said(f"is not TOML: {clean(str(error))}", "correct it there; https://toml.io has the rules")


def _no_table(name: str, text: str) -> Said:
    """What is said of a table that no pack has."""
    line = _line_of(text, rf"\s*\[*\s*[\"']?{re.escape(name)}")
    known = (*RECORDS, "source")
    name = clean(name[:40])
    near = nearest(name, known)
    right = f"did you mean {near}?" if near else f"known: {listed(known)}"
    return Said(f"{name!r} is not known", right, given=name, expected=near or listed(known), line=line)


class _Lines:
    """The lines of a pack in which its records begin and end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = text.splitlines()
        self._headers: list[int] = []
        self._starts: dict[str, list[int]] = {}
        for n, line in enumerate(self._lines):
            if "[[" in line and (found := _HEADER.match(line)):
                self._headers.append(n)
                self._starts.setdefault(found[1], []).append(n)

    def of(self, kind: str, number: int, key: str = "") -> int:
        """The line, from 1, of a key in the record of this kind and number, else of the record."""
        starts = self._starts.get(kind, [])
        return self.of_key(starts[number] + 1 if number < len(starts) else 1, key)

    def of_key(self, begins: int, key: str) -> int:
        """The line of a key in the record that begins in a line, each from 1; else where the record begins."""
        start = begins - 1
        after = bisect_right(self._headers, start)
        end = self._headers[after] if after < len(self._headers) else len(self._lines)
        line = start
        for part, number in re.findall(r"([^.\[\]]+)(?:\[(\d+)\])?", key):
            pattern = re.compile(rf"(?:^|[{{,.\[\s])[\"']?{re.escape(part)}[\"']?\s*[=.\]]")
            line = next((n for n in range(line, end) if pattern.search(self._lines[n])), line)
            if number and "[[" in self._lines[line]:
                heads = [n for n in range(line, end) if "[[" in self._lines[n] and pattern.search(self._lines[n])]
                line = heads[min(int(number), len(heads)) - 1]
        return line + 1


_HEADER = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")


def line_of_key(path: str, begins: int, key: str) -> int:
    """The line of a key in the record of a pack that begins in a line; that one where the file cannot be read."""
    try:
        found = os.stat(native(path))
        return _lines_of(path, found.st_mtime_ns, found.st_size).of_key(begins, key)
    except (OSError, ValueError):
        return begins


@lru_cache(maxsize=4)
def _lines_of(path: str, _mtime_ns: int, _size: int) -> _Lines:
    """Of a pack in the state that it is in: a check asks once for each of thousands of findings."""
    with open(native(path), encoding="utf-8-sig") as file:
        return _Lines(file.read(LARGEST_PACK))


def _line_of(text: str, pattern: str) -> int:
    found = re.search("^" + pattern, text, re.MULTILINE)
    return text[: found.end()].count("\n") + 1 if found else 1
