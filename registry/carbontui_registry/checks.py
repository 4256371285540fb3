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
from carbontui_registry.report import LimitPassed, Report, brief
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
    """Base of the checks; `written` says how a missing value would be written."""

    written = ""

    def __call__(self, raw: Any, where: str, report: Report) -> Any:
        raise NotImplementedError


class Text(Check):
    """A line of text."""

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if not isinstance(raw, str):
            report.problem(where, f"{brief(raw)} is not text", given=raw, expected="text in quotes")
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
    """A list of texts or ids, kept as a tuple; `noun` is what a message calls the items."""

    item: Check
    noun: str

    def __call__(self, raw: Any, where: str, report: Report) -> tuple[Any, ...]:
        if not isinstance(raw, (list, tuple)):
            right = f"a list of {self.noun}"
            report.problem(where, f"{brief(raw)} is not {right}", given=raw, expected=right)
            return ()
        made = (self.item(one, f"{where}[{n}]", report) for n, one in enumerate(raw))
        return tuple(one for one in made if one is not None)


class Year(Check):
    """A year."""

    def __call__(self, raw: Any, where: str, report: Report) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int) or not FIRST_YEAR <= raw <= LAST_YEAR:
            right = "a year such as 2026"
            report.problem(where, f"{brief(raw)} is not {right}", given=raw, expected=right)
            return None
        return raw


class Degrees(Check):
    """Degrees of latitude or longitude, at most `most` to either side."""

    most: int

    def __call__(self, raw: Any, where: str, report: Report) -> float | None:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) <= self.most:
            right = f"a number of degrees from -{self.most} to {self.most}"
            report.problem(where, f"{brief(raw)} is not {right}", given=raw, expected=right)
            return None
        return float(raw)


class Flag(Check):
    """True or false."""

    def __call__(self, raw: Any, where: str, report: Report) -> bool | None:
        if not isinstance(raw, bool):
            report.problem(where, f"{brief(raw)} is neither true nor false", given=raw, expected="true or false")
            return None
        return raw


class OneOf(Check):
    """One of a few words."""

    allowed: tuple[str, ...]

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if isinstance(raw, str) and raw in self.allowed:
            return raw
        report.not_one_of(where, raw, self.allowed)
        return None


class Period(Check):
    """A year or a month."""

    written = "write a year '2025' or a month '2025-03'"

    def __call__(self, raw: Any, where: str, report: Report) -> str | None:
        if isinstance(raw, str) and is_period(raw):
            return raw
        report.problem(where, f"{brief(raw)} is not a period", self.written, given=raw, expected="a year or a month")
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
        report.problem(where, f"{brief(raw)} is not {right}", given=raw, expected=right)
        return None


@cache
def _time_zones() -> frozenset[str]:
    """Those that the system has a list of; a system without one knows none."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones())


class Table(Check):
    """A part with fields of its own, as a `Part` or a table of a pack; `shown` is how code writes it.

    At least one field of `one_of` is needed; `whole` checks what else needs more than one field.
    """

    name: str
    part: type[Part]
    fields: tuple[Field, ...]
    shown: str
    one_of: tuple[str, ...] = ()
    whole: Callable[[Any, str, Report], None] | None = None

    def __call__(self, raw: Any, where: str, report: Report) -> Any:
        if isinstance(raw, dict):
            raw = self.part(**{str(k): v for k, v in raw.items()})
        if not isinstance(raw, self.part):
            report.problem(where, f"{brief(raw)} is not a {self.shown}", given=raw, expected=self.shown)
            return None
        report.surplus(raw.unknown, self.part._fields, where)
        if self.one_of and all(getattr(raw, name) is None for name in self.one_of):
            what = f"has neither {' nor '.join(self.one_of)}"
            report.problem(where, what, "at least one is needed", expected=" or ".join(self.one_of))
        elif not any(f.required for f in self.fields) and all(
            getattr(raw, f.name) is None for f in self.fields if f.name != "source"
        ):
            report.problem(where, "is empty", f"leave it out, or give {self.shown}", expected=self.shown)
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
                report.problem(where, f"has no {field.name}", field.check.written, expected=field.name)
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

    def __call__(self, raw: Any, where: str, report: Report) -> dict[str, Figure]:
        if not isinstance(raw, dict):
            right = f"a table of {self.noun}"
            report.problem(where, f"{brief(raw)} is not {right}", given=raw, expected=right)
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

    def __call__(self, raw: Any, where: str, report: Report) -> Figure | None:
        # A pack's table or text: there a bare number has no unit, where a Figure's number is in the engine's.
        text_only = not isinstance(raw, Figure)
        if isinstance(raw, dict):
            raw = Figure(**{str(k): v for k, v in raw.items()})
        given = raw
        if isinstance(raw, Figure):
            report.surplus(raw.unknown, Figure._fields, where)
            given = raw.value
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


def number(raw: Any, kind: str, where: str, report: Report, text_only: bool) -> float | None:
    """`raw` in the engine's unit of `kind`; None, and a problem, where it is none."""
    try:
        if isinstance(raw, str):
            return units.parse(raw, kind)
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return _plain_number(raw, kind, where, report, text_only)
        if hasattr(raw, "magnitude") and hasattr(raw, "units"):
            return units.from_pint(raw, kind)
    except units.UnitError as error:
        goal = units.KINDS[kind]
        report.problem(
            where, error.clause, error.expected, given=raw, expected=f"{goal.noun}, such as '{goal.example}'"
        )
        return None
    except OverflowError:
        report.problem(where, "is too large a number", "leave out what is unknown")
        return None
    right = f"text such as '{units.KINDS[kind].example}'"
    report.problem(where, f"{brief(raw)} is not a quantity", given=raw, expected=right)
    return None


def _plain_number(raw: float, kind: str, where: str, report: Report, text_only: bool) -> float | None:
    if text_only and units.ENGINE_UNIT[kind]:
        example = f"{raw:g} {units.ENGINE_UNIT[kind]}" if abs(raw) < 1e15 else units.ENGINE_UNIT[kind]
        right = f"write it as text, such as '{example}'"
        report.problem(where, f"{brief(raw)} has no unit", right, given=raw, expected=f"'{example}'")
        return None
    value = float(raw)
    if value != value or value in (float("inf"), float("-inf")) or value < 0:
        what = f"{brief(raw)} is not a figure: it must be finite and not negative"
        report.problem(where, what, "leave out what is unknown", given=raw, expected="a finite number of 0 or more")
        return None
    if kind == "pue" and value < 1:
        what = f"a PUE of {value:g} is below 1; PUE is facility energy / IT energy"
        report.problem(where, what, given=raw, expected="a number of at least 1, such as 1.1")
        return None
    return value
