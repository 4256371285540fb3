"""How one field of a record is checked: a value for each kind of field, which says what it takes.

A check is called with what was given, where it stands and the report; it returns the value as it is kept, or None and a
problem. The JSON Schema and the docs are made from the checks' own fields.
"""

from __future__ import annotations

import re
from collections import namedtuple
from functools import cache

from carbontui_registry import units
from carbontui_registry.figures import Figure
from carbontui_registry.numbers import number
from carbontui_registry.report import LimitPassed, Report, brief, in_toml
from carbontui_registry.text import LONGEST_TEXT, clean, controls, listed, nearest
from carbontui_registry.values import Value
from carbontui_registry.vocabulary import BASES, is_period

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from carbontui_registry.figures import Part

# A field of a record or of a part: its name, how it is checked, what it means, whether a record needs it.
Field = namedtuple("Field", "name check description required", defaults=(False,))

ID = re.compile(r"[a-z0-9][a-z0-9._-]*(?::[a-z0-9][a-z0-9._-]*)*\Z")
REFERENCE = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*(?::[a-z0-9][a-z0-9._-]*)*\Z")
RUN_ID = re.compile(r"[a-z0-9][a-z0-9._-]*(?:[:/][a-z0-9][a-z0-9._-]*)*\Z")
TIME_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}\Z")
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Check(Value):
    """Base of the checks; `sample` is a value as a pack has it, `like` the same with what was given, where it fits."""

    sample = '"…"'

    def like(self, _raw: object = None) -> str:
        return self.sample

    def __call__(self, raw: Any, where: str, report: Report) -> Any:
        raise NotImplementedError


class Text(Check):
    """A line of text."""

    def like(self, raw: object = None) -> str:
        return (in_toml(raw) if isinstance(raw, str) else "") or self.sample

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if not isinstance(raw, str):
            quoted = isinstance(raw, (bool, int, float))
            right = f'put it in quotes: "{report.brief(raw)}"' if quoted else "write text in quotes"
            report.problem(where, f"{report.brief(raw)} is not text", right, given=raw, expected="text in quotes")
            return None
        if len(raw) > LONGEST_TEXT:
            raise LimitPassed(f"{where}: text of {len(raw):,} characters; at most {LONGEST_TEXT} are allowed")
        text = clean(raw)
        if not text.strip():
            report.problem(where, "is empty", "leave out what is unknown", expected="text")
        if text != raw and (taken := controls(raw)):
            what = f"{listed(taken[:5])} cannot be shown; it reads {brief(text)}"
            report.warning(where, what, expected=f"{brief(text)}, without them")
        return text


class Identifier(Text):
    """An id; with `any_case` capital letters are taken too, as a reference to one."""

    pattern: re.Pattern[str] = ID
    any_case: bool = False

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if self.any_case and isinstance(raw, str):
            raw = raw.lower()
        if (text := super().__call__(raw, where, report)) is None:
            return None
        if text != raw or not self.pattern.match(text):
            right = "lower case letters, digits and . _ -, such as 'acme-x1'"
            report.problem(where, f"{brief(raw)} is not an id", f"write {right}", given=raw, expected=right)
        return text


class ListOf(Check):
    """A list of texts, ids or tables, kept as a tuple; `noun` is what a message calls the items, `tables` how a pack
    may write them else."""

    item: Check
    noun: str
    tables: str = ""

    def like(self, raw: object = None) -> str:
        return f"[{self.item.like(raw)}]"

    def __call__(self, raw: Any, where: str, report: Report) -> tuple[Any, ...]:
        if not isinstance(raw, (list, tuple)):
            right = report.how(where, self.like(raw), f"a list of {self.noun}")
            right += f", or {self.tables}" if report.of_pack and self.tables else ""
            report.problem(where, f"{report.brief(raw)} is not a list", f"write {right}", given=raw, expected=right)
            return ()
        made = (self.item(one, f"{where}[{n}]", report) for n, one in enumerate(raw, 1))
        return tuple(one for one in made if one is not None)


class Year(Check):
    """A year."""

    sample = "2026"

    def __call__(self, raw: Any, where: str, report: Report) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int) or not FIRST_YEAR <= raw <= LAST_YEAR:
            if isinstance(raw, str) and len(raw) == 4 and is_period(raw) and FIRST_YEAR <= int(raw) <= LAST_YEAR:
                what, right = f"{brief(raw)} is text", f"write the year without quotes: {raw}"
                report.problem(where, what, right, given=raw, expected=raw)
            else:
                right = "a year such as 2026"
                report.problem(where, f"{report.brief(raw)} is not {right}", given=raw, expected=right)
            return None
        return raw


class Degrees(Check):
    """Degrees of latitude or longitude, at most `most` to either side."""

    most: int

    def __call__(self, raw: Any, where: str, report: Report) -> float | None:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) <= self.most:
            right = f"a number of degrees from -{self.most} to {self.most}"
            remedy = "write it without quotes" if isinstance(raw, str) else ""
            report.problem(where, f"{report.brief(raw)} is not {right}", remedy, given=raw, expected=right)
            return None
        return float(raw)


class Flag(Check):
    """True or false."""

    def __call__(self, raw: Any, where: str, report: Report) -> bool | None:
        if not isinstance(raw, bool):
            what, right = f"{report.brief(raw)} is neither true nor false", "true or false"
            remedy = f"write {right} without quotes" if isinstance(raw, str) and report.of_pack else ""
            report.problem(where, what, remedy, given=raw, expected=right)
            return None
        return raw


class OneOf(Check):
    """One of a few words."""

    allowed: tuple[str, ...]

    def like(self, _raw: object = None) -> str:
        return listed((f'"{word}"' for word in self.allowed), "or")

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if isinstance(raw, str) and raw in self.allowed:
            return raw
        report.not_one_of(where, raw, self.allowed)
        return None


class Period(Check):
    """A year or a month."""

    sample = '"2025"'

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if isinstance(raw, str) and is_period(raw):
            return raw
        bare = type(raw) is int and is_period(str(raw))
        right = f'put it in quotes: "{raw}"' if bare else 'write a year "2025" or a month "2025-03"'
        what = f"{report.brief(raw)} is not a period"
        report.problem(where, what, right, given=raw, expected=f'"{raw}"' if bare else "a year or a month")
        return None


class Shape(Check):
    """24 values with mean 1."""

    def __call__(self, raw: Any, where: str, report: Report) -> tuple[float, ...] | None:
        good = isinstance(raw, (list, tuple)) and len(raw) == 24
        if not good or not all(isinstance(v, (int, float)) and not isinstance(v, bool) and 0 <= v < 24.1 for v in raw):
            right = "24 values of 0 or more, one for each hour of the day"
            report.problem(where, f"is not {right}", given=raw, expected=right)
            return None
        if not abs(sum(raw) / 24 - 1) < 0.002:
            mean = f"{sum(raw) / 24:.4g}"
            right = "divide each value by it" if sum(raw) else "leave it out"
            what = f"has a mean of {mean}; it must be 1, because it scales the factor"
            report.problem(where, what, right, given=mean, expected="a mean of 1")
        return tuple(float(v) for v in raw)


class TimeZone(Check):
    """A time zone's name."""

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if isinstance(raw, str) and TIME_ZONE.match(raw):
            if (known := _time_zones()) and raw not in known:
                near = nearest(raw, known)
                right = f"did you mean {near}?" if near else "write one such as 'Europe/Helsinki'"
                report.warning(where, f"{raw!r} is not known", right, given=raw, expected=near or "a time zone")
            return raw
        right = "a time zone such as 'Europe/Helsinki'"
        report.problem(where, f"{report.brief(raw)} is not {right}", given=raw, expected=right)
        return None


@cache
def _time_zones() -> frozenset[str]:
    """Those that the system has a list of; a system without one knows none."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


class Table(Check):
    """A part with fields of its own, as a `Part` or a table of a pack; `shown` is how code writes it, `example` how a
    pack does, whose first value is the one that a text alone stands for.

    At least one field of `one_of` is needed; `whole` checks what else needs more than one field.
    """

    name: str
    part: type[Part]
    fields: tuple[Field, ...]
    shown: str
    example: tuple[tuple[str, str], ...]
    one_of: tuple[str, ...] = ()
    whole: Callable[[Any, str, Report], None] | None = None

    def like(self, raw: object = None) -> str:
        (main, value), *more = self.example
        check = next(field.check for field in self.fields if field.name == main)
        tried = Report()
        if isinstance(raw, str) and in_toml(raw) and check(raw, main, tried) is not None and not tried.problems:
            value = in_toml(raw)
        return f"{{{', '.join(f'{key} = {one}' for key, one in ((main, value), *more))}}}"

    def __call__(self, raw: Any, where: str, report: Report) -> Any:
        if isinstance(raw, dict):
            raw = self.part(**{str(k): v for k, v in raw.items()})
        if not isinstance(raw, self.part):
            right = report.how(where, self.like(raw), self.shown)
            if report.of_pack:
                report.problem(
                    where, f"{report.brief(raw)} is not a table", f"write {right}", given=raw, expected=right
                )
            else:
                report.problem(where, f"{brief(raw)} is not a {self.shown}", given=raw, expected=self.shown)
            return None
        report.surplus(raw.unknown, self.part._fields, where)
        if self.one_of and all(getattr(raw, name) is None for name in self.one_of):
            what = f"has neither {' nor '.join(self.one_of)}"
            report.problem(where, what, "at least one is needed", expected=" or ".join(self.one_of))
        elif not any(f.required for f in self.fields) and all(
            getattr(raw, f.name) is None for f in self.fields if f.name != "source"
        ):
            right = report.how(where, self.like(), self.shown)
            report.problem(where, "is empty", f"leave it out, or write {right}", expected=right)
        outer, values, lacking = report.source, {}, False
        own = getattr(raw, "source", None)
        if own is not None:
            source = next(field for field in self.fields if field.name == "source")
            report.source = source.check(own, f"{where}.source", report)
        for field in self.fields:
            given = getattr(raw, field.name)
            if field.name == "source":
                values["source"] = report.source
            elif given is not None:
                values[field.name] = field.check(given, f"{where}.{field.name}", report)
            elif field.required:
                lacking = True
                right = f"add {field.name} = {field.check.like()}" if report.of_pack else ""
                report.problem(where, f"has no {field.name}", right, expected=field.name)
        report.source = outer
        made = self.part(**values)
        if self.whole is not None:
            self.whole(made, where, report)
        return None if lacking else made


class ByName(Check):
    """A table of quantities by name, kept as a dict."""

    name: str
    fields: tuple[Field, ...]
    noun: str
    example: tuple[str, str]

    def like(self, _raw: object = None) -> str:
        name, value = self.example
        return f"{{{name} = {value}}}"

    def __call__(self, raw: Any, where: str, report: Report) -> dict[str, Figure]:
        if not isinstance(raw, dict):
            right = report.how(where, self.like(raw), f"a table of {self.noun}")
            what = f"{report.brief(raw)} is not a table of {self.noun}"
            report.problem(where, what, f"write {right}", given=raw, expected=right)
            return {}
        known = [field.name for field in self.fields]
        report.surplus((str(k) for k in raw if k not in known), known, where)
        made = {f.name: f.check(raw[f.name], f"{where}.{f.name}", report) for f in self.fields if f.name in raw}
        return {name: figure for name, figure in made.items() if figure is not None}


class Quantity(Check):
    """A quantity of a kind of `units.KINDS`, more than 0 or with `zero` at least that.

    Above `likely` a warning says that it is unlikely, and why (`usual`).
    """

    kind: str
    source: Check
    zero: bool = False
    whole: bool = False
    likely: float | None = None
    usual: str = ""

    def like(self, _raw: object = None) -> str:
        goal = units.KINDS[self.kind]
        return f'"{goal.example}"' if units.ENGINE_UNIT[self.kind] else goal.example

    def __call__(self, raw: Any, where: str, report: Report) -> Figure | None:
        # A pack's table or text: there a bare number has no unit, where a Figure's number is in the engine's.
        text_only = not isinstance(raw, Figure)
        if isinstance(raw, dict):
            raw = Figure(**{str(k): v for k, v in raw.items()})
        given = raw
        if isinstance(raw, Figure):
            report.surplus(raw.unknown, Figure._fields, where)
            given = raw.value
            if given is None and report.of_pack:
                report.problem(where, "has no value", f"add value = {self.like()}", expected="value")
                return None
        value = number(given, self.kind, where, report, text_only)
        if value is not None:
            self._bounds(value, given, where, report)
        if not isinstance(raw, Figure):
            return None if value is None else Figure(value, "published", None, report.source)
        note = None if raw.note is None else Text()(raw.note, f"{where}.note", report)
        basis: Any = raw.basis if raw.basis is not None else "published"
        if not isinstance(basis, str) or basis not in BASES:
            report.not_one_of(f"{where}.basis", basis, BASES)
            basis = "published"
        spread = raw.spread
        if spread is not None:
            spread = number(spread, "share", f"{where}.spread", report, isinstance(spread, str))
        source = report.source if raw.source is None else self.source(raw.source, f"{where}.source", report)
        return None if value is None else Figure(value, basis, spread, source, note)

    def _bounds(self, value: float, given: Any, where: str, report: Report) -> None:
        if not self.zero and not value > 0:
            what = f"{brief(given)} must be more than 0"
            report.problem(where, what, "leave out what is unknown", given=given, expected="a figure of more than 0")
        if self.whole and value != int(value):
            report.problem(where, f"{brief(given)} is not a whole number", given=given, expected="a whole number")
        if self.likely is not None and value > self.likely:
            unit = units.ENGINE_UNIT[self.kind]
            shown = f"{value:g} {unit}" if unit else f"{units.KINDS[self.kind].noun} of {value:g}"
            what = f"{shown} is unlikely; {self.usual}"
            report.warning(where, what, given=given, expected="it as the source prints it, once you have compared them")
