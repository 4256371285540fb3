"""What is found wrong and unlikely about a record while it is checked, and for which version of the contract."""

from __future__ import annotations

import sys

from carbontui_registry.said import Said
from carbontui_registry.text import clean, count_of, listed, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from contextvars import ContextVar, Token
    from typing import Any

    Asked = Callable[[], int] | None

    from carbontui_registry.figures import Source

CONTRACT = 1


class LimitPassed(Exception):
    """A text or a table larger than any real record: everything that the hook gave is rejected."""


class _Noting:
    """Whether records keep their problems instead of raising, here or in the whole process, threads of a plugin's own
    among it; the value tells the contract version that whoever makes records is written for."""

    def __init__(self) -> None:
        self._here: ContextVar[Asked] | None = None
        self._everywhere: Asked = None

    def get(self) -> Asked:
        return (self._here.get() if self._here else None) or self._everywhere

    def set(self, asked: Asked) -> Token[Asked]:
        if self._here is None:
            from contextvars import ContextVar

            self._here = ContextVar("noting", default=None)
        return self._here.set(asked)

    def reset(self, token: Token[Asked]) -> None:
        token.var.reset(token)

    def everywhere(self, asked: Asked) -> _Everywhere:
        """In every thread of this process meanwhile, as a context."""
        return _Everywhere(self, asked)


class _Everywhere:
    """What `contextlib` would make, which no start without plugins needs."""

    def __init__(self, noting: _Noting, asked: Asked) -> None:
        self._noting, self._asked = noting, asked

    def __enter__(self) -> None:
        self._before, self._noting._everywhere = self._noting._everywhere, self._asked

    def __exit__(self, *_: object) -> None:
        self._noting._everywhere = self._before


# While the registry calls a plugin, records keep their problems instead of raising: a constructor that raises inside a
# generator would end it and lose the records after it.
noting = _Noting()


def place_of_caller() -> tuple[str, int] | None:
    """File and line of a plugin's code that makes a record just now; None for a pack, whose lines are known better."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__package__") == __package__:
        if frame.f_globals.get("__name__") == f"{__package__}.packs":
            return None
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None or frame.f_globals.get("__name__") in ("__main__", None):
        return None
    return frame.f_code.co_filename, frame.f_lineno


def contract_asked() -> int:
    """The version of the contract that whoever makes records just now is written for."""
    asked = noting.get()
    return asked() if asked else CONTRACT


class OfPack:
    """Asked for the version of the contract that a pack is written for, while its records are made."""

    of_pack = True

    def __init__(self, version: int) -> None:
        self._version = version

    def __call__(self) -> int:
        return self._version


class Report:
    """Collects what is wrong (`problems`) and what is unlikely (`warnings`) about one record."""

    def __init__(self, source: Source | None = None) -> None:
        # Who writes a pack is told what to write there, in TOML, and nothing of the classes of Python.
        self.of_pack: bool = getattr(noting.get(), "of_pack", False)
        self.problems: list[Said] = []
        self.warnings: list[Said] = []
        self.source = source

    def problem(self, where: str, what: str, remedy: str = "", *, given: object = None, expected: str = "") -> None:
        """What is wrong at a place in the record; without a `remedy` it is to write what is `expected`."""
        self.problems.append(Said(what, remedy, key=where, given=shown(given), expected=expected))

    def warning(self, where: str, what: str, remedy: str = "", *, given: object = None, expected: str = "") -> None:
        """What is unlikely at a place in the record, and what would be right."""
        self.warnings.append(Said(what, remedy, key=where, given=shown(given), expected=expected))

    def not_one_of(self, where: str, raw: object, allowed: Sequence[str]) -> None:
        """A word that is none of those allowed there."""
        near = nearest(raw, allowed) if isinstance(raw, str) else None
        remedy = f"use {listed(allowed, 'or')}" + (f"; did you mean {near}?" if near else "")
        expected = near or f"one of {listed(allowed)}"
        self.problem(where, f"{self.brief(raw)} is not allowed", remedy, given=raw, expected=expected)

    def brief(self, raw: object) -> str:
        """What was given, as whoever wrote it knows it."""
        return str(raw).lower() if self.of_pack and isinstance(raw, bool) else brief(raw)

    def how(self, where: str, in_pack: str, in_code: str) -> str:
        """How a value is written there: after its key in a pack, or in code."""
        if not self.of_pack:
            return in_code
        key = where.rpartition(".")[2]
        return in_pack if key.endswith("]") else f"{key} = {in_pack}"

    def missing(self, name: str, in_pack: str) -> None:
        """A field of the record that is needed and was not given; how a pack has it."""
        right = f"add {name} = {in_pack}" if self.of_pack else ""
        if right and name == "source":
            right += " to this record, or a [source] table below pack = 1"
        self.problem(name, "is missing", right, expected=name)

    def by_position(self, number: int, by_name: Collection[str], fields: Sequence[str], kind: str) -> None:
        """More values by position than there are fields, or one that is given by name too."""
        for name in (one for one in fields[:number] if one in by_name):
            self.problem(name, "is given twice", "remove one of them")
        if number > len(fields):
            was = "was" if number == 1 else "were"
            what = f"{count_of(number, 'value')} {was} given by position; it has {count_of(len(fields), 'field')}"
            self.problem(kind, what, "give them by name")

    def surplus(self, names: Iterable[str], known: Iterable[str], where: str) -> None:
        """Unknown keywords: a problem, or a warning where the plugin is written for a newer contract than ours."""
        names = [clean(name[:40]) for name in names]
        if not names:
            return
        known = tuple(known)
        newer = contract_asked() > CONTRACT
        for name in names:
            at = f"{where}.{name}" if where else name
            if newer:
                what = "not known to this version of carbontui; ignored"
                self.warning(at, what, given=name, expected=NEWER)
            else:
                near = nearest(name, known)
                remedy = f"did you mean {near}?" if near else f"known keys: {listed(known)}"
                self.problem(at, "unknown key", remedy, given=name, expected=near or listed(known))


# What to do about a text or a table that is too large, and about what a newer carbontui knows.
SHORTER = "give less, or shorten it"
NEWER = "it for this version, or install a newer carbontui"


def shown(raw: object) -> str:
    """What was given, short enough to stand in a message, a text without quotes; nothing for None."""
    if raw is None:
        return ""
    return clean(raw[:60]) + ("..." if len(raw) > 60 else "") if isinstance(raw, str) else brief(raw)


def brief(raw: Any) -> str:
    """What was given, short enough to be read in a message, and never run."""
    if isinstance(raw, str):
        return repr(clean(raw[:60]) + ("..." if len(raw) > 60 else ""))
    if raw is None or isinstance(raw, (bool, int, float)):
        try:
            return repr(raw)[:60]
        except ValueError:
            return "a number of thousands of digits"
    return _PLAIN.get(type(raw).__name__) or f"a {type(raw).__name__}"


# What a pack's author calls what TOML reads.
_PLAIN = {"dict": "a table", "list": "a list", "tuple": "a list", "datetime": "a date with a time"}


def in_toml(raw: object) -> str:
    """A value as it is written in a pack; "" for what is more than one."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, str):
        quoted = clean(raw[:60]).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"' if len(raw) <= 60 else ""
    return brief(raw) if isinstance(raw, (int, float)) else ""
