"""Which records a person means by words and conditions: `a100`, `tdp>500 W`, `country:germany`, `year>=2023`."""

from __future__ import annotations

import operator
import re

from carbontui.engine.lookup import PROVIDERS_ALSO
from carbontui.text import display
from carbontui.text.records import kind_of_key, list_row
from carbontui_registry import units
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.text import did_you_mean, listed
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from carbontui_registry.catalogue import Catalogue, Registered

_CONDITION = re.compile(r"(?P<field>[a-z_][a-z0-9_]*)\s*(?P<sign>>=|<=|!=|>|<|=|:)\s*(?P<value>.+)", re.IGNORECASE)
_SIGN = r"(?:>=|<=|!=|>|<|=)"
# Where one condition ends and the next begins, whether or not somebody wrote `and` or a comma between them.
_NEXT = re.compile(rf"(?:\s*(?:[,;]|&&?)\s*|\s+(?:and\s+)?)(?=[a-z_][a-z0-9_]*(?:{_SIGN}|:)\S)", re.IGNORECASE)
_SPELT = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "=", "=>": ">=", "=<": "<="}
_JOINING = ("and", "&", "&&")
_LIKE = "write conditions like power>500 W and year>=2023"
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    ":": operator.eq,
    "!=": operator.ne,
}
# What people call a figure that a record has under another name, first known first.
_ALSO = {"power": ("mean_w", "tdp_w"), "peak": ("peak_bf16_flop_per_s", "peak_fp16_flop_per_s", "peak_fp32_flop_per_s")}


class WrongFilter(CarbontuiError):
    """A condition names no field, or compares it with what it cannot be."""


class Condition(NamedTuple):
    """A field by the keys of `list_row` that may hold it, a sign, and what it is compared with: a number in the
    engine's unit, or a text in lower case. `word` is what was typed where it may be an id too, as `grid:de`."""

    keys: tuple[str, ...]
    sign: str
    value: float | str
    word: str = ""


class Filter(NamedTuple):
    """Words that must all be found, and conditions that must all hold; `passed` are those on fields that only records
    of another kind have."""

    words: tuple[str, ...]
    conditions: tuple[Condition, ...]
    passed: tuple[str, ...] = ()


def read(words: Sequence[str], fields: Sequence[str], elsewhere: Callable[[], Sequence[str]] = tuple) -> Filter:
    """The filter that words of the command line mean; `fields` are the keys that the records have, `elsewhere` those of
    other records, whose conditions are passed over.

    Raises `WrongFilter`.
    """
    plain, conditions, passed = [], [], []
    for word in words:
        found = _CONDITION.fullmatch(word.strip())
        if found is None:
            if re.search(_SIGN, word):
                raise WrongFilter(f"{word.strip()} is not a complete condition; {_LIKE}")
            plain.append(word.lower())
            continue
        field = found["field"].lower()
        if _keys(field, fields):
            conditions.append(_condition(field, found["sign"], found["value"].strip(), fields))
        elif _keys(field, elsewhere()):
            passed.append(word.strip())
        elif found["sign"] == ":":
            # An id has a colon too.
            plain.append(word.lower())
        else:
            raise _no_field(word.strip(), field, fields)
    return Filter(tuple(plain), tuple(conditions), tuple(passed))


def _no_field(condition: str, field: str, fields: Sequence[str]) -> WrongFilter:
    names = sorted({*map(_short, fields), *(word for word in _ALSO if _keys(word, fields))})
    return WrongFilter(f"{condition}: {field} is not a field{did_you_mean(field, names)}; fields are {listed(names)}")


def _condition(field: str, sign: str, value: str, fields: Sequence[str]) -> Condition:
    keys = _keys(field, fields)
    kind = kind_of_key(keys[0])
    if keys[0] == "year" or (kind == "number" and value.replace(".", "", 1).isdecimal()):
        try:
            return Condition(keys, sign, float(value))
        except ValueError:
            raise WrongFilter(f"{field}: {value!r} is not a number") from None
    if kind == "number":
        if sign not in ("=", ":", "!="):
            raise WrongFilter(f"{field}: text cannot be compared with {sign}; write {field}:{value}")
        return Condition(keys, sign, value.lower(), f"{field}:{value}".lower() if sign == ":" else "")
    unit = units.KINDS[kind].unit
    try:
        return Condition(keys, sign, units.parse(f"{value} {unit}" if value[-1:].isdigit() and unit else value, kind))
    except units.UnitError as error:
        raise WrongFilter(f"{field}: {error}") from None


def _keys(field: str, fields: Sequence[str]) -> tuple[str, ...]:
    """The keys that a field may mean: the key itself, the key without its unit, or what people call it."""
    ways = (
        [key for key in _ALSO.get(field, ()) if key in fields],
        [key for key in fields if field in (key, _short(key))],
        [key for key in fields if key.startswith(f"{field}_")],
    )
    return tuple(next(filter(None, ways), ()))


def _short(key: str) -> str:
    """The key without its unit."""
    suffix = next((end for end, _ in display.KEY_KINDS if key.endswith(end)), "")
    return key.removesuffix(suffix)


def matching(found: Sequence[Registered], words: Sequence[str], catalogue: Catalogue) -> list[Registered]:
    """The records of one kind that the words mean. Raises `WrongFilter`."""
    return Rows(found, catalogue).matching(words) if words else list(found)


class Rows:
    """The records of one kind made ready to be filtered again and again.

    `passed` has the conditions that the last filter had on fields of other kinds of records only, where `elsewhere`
    names those; `unknown` is how many records it left out only because what it asks of is not known of them.
    """

    def __init__(
        self, found: Sequence[Registered], catalogue: Catalogue, elsewhere: Callable[[], Sequence[str]] = tuple
    ) -> None:
        self._found, self._elsewhere = found, elsewhere
        self._rows = [list_row(one) for one in found]
        self._fields = fields_of(self._rows)
        self._countries = country_names(catalogue) if "country" in self._fields else {}
        self.passed: tuple[str, ...] = ()
        self.unknown = 0
        # Words right behind a number that are no unit of it, with the condition that they would be part of.
        self._behind: dict[str, str] = {}

    def matching(self, words: Sequence[str]) -> list[Registered]:
        """The records that the words mean, each of which may hold several conditions. Raises `WrongFilter`."""
        wanted = read(self._split(words), self._fields, self._elsewhere)
        self.passed, self.unknown = wanted.passed, 0
        found = [one for one, row in zip(self._found, self._rows, strict=True) if _fits(row, wanted, self._countries)]
        if not found:
            self._refuse_unheard(wanted)
        if wanted.conditions:
            open_ = [_fits(row, wanted, self._countries, unknown=True) for row in self._rows]
            self.unknown = sum(open_) - len(found)
        return found

    def _refuse_unheard(self, wanted: Filter) -> None:
        """Raise where a word is in no record, and was meant as a condition or as a part of one."""
        for word in wanted.words:
            if any(word in _said(row, self._countries) for row in self._rows):
                continue
            if word in self._behind:
                read([self._behind[word]], self._fields, self._elsewhere)
            if condition := _CONDITION.fullmatch(word):
                raise _no_field(word, condition["field"], self._fields)
            if wanted.conditions:
                raise WrongFilter(f"{word!r} is in none of the records; {_LIKE}")

    def typed(self, query: str) -> list[Registered]:
        """The records that one typed line means, in which a unit may stand apart from its number. Raises
        `WrongFilter`."""
        return self.matching(query.split())

    def _split(self, words: Sequence[str]) -> list[str]:
        """Words and conditions one by one, without what joins them, each number with its unit."""
        parts: list[str] = []
        self._behind.clear()
        for line in _NEXT.sub("\n", _closed("\n".join(words))).splitlines():
            parts += [line] if self._reads(line) else line.split()
        parts = [part for part in (one.strip(" ,;") for one in parts) if part]
        told = [_CONDITION.fullmatch(part) is not None for part in parts]
        joined: list[str] = []
        for n, part in enumerate(parts):
            if any(told[max(n - 1, 0) : n + 2]) or (joined and _CONDITION.fullmatch(joined[-1])):
                if part.lower() in _JOINING:
                    continue
                if part.lower() == "or":
                    raise WrongFilter("'or' cannot join conditions: a record must fit all of them")
            if joined and joined[-1][-1].isdigit() and not told[n] and _CONDITION.fullmatch(joined[-1]):
                whole = f"{joined[-1]} {part}"
                if self._reads(whole):
                    joined[-1] = whole
                    continue
                if not part.endswith(":"):
                    self._behind[part.lower()] = whole
            joined.append(part)
        return joined

    def _reads(self, condition: str) -> bool:
        try:
            meant = read([condition], self._fields, self._elsewhere)
            return bool(meant.conditions or meant.passed)
        except WrongFilter:
            return False


def has_condition(query: str) -> bool:
    """Whether a typed line says more than words."""
    closed = _closed(query)
    return re.search(_SIGN, closed) is not None or any(_CONDITION.fullmatch(word) for word in closed.split())


def _closed(query: str) -> str:
    """Without blanks around the signs of conditions: `power > 500 W` is `power>500 W`."""
    plain = re.sub("[≥≤≠]|==|=>|=<", lambda found: _SPELT[found[0]], query)
    return re.sub(rf"\s*({_SIGN})\s*", r"\1", plain)


def fields_of(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The keys that any of the records has."""
    return list(dict.fromkeys(key for row in rows for key in row))


def _said(row: dict[str, Any], countries: dict[str, str]) -> str:
    """What words are looked for in."""
    aliases, country = " ".join(row.get("aliases", ())), _country(row, countries)
    provider = PROVIDERS_ALSO.get(row.get("provider", ""), "")
    return f"{row['id']} {row['name']} {row['origin']} {aliases} {country} {row.get('location', '')} {provider}".lower()


def _country(row: dict[str, Any], countries: dict[str, str]) -> str:
    return countries.get(str(row.get("country", "")).lower(), "")


def _fits(row: dict[str, Any], wanted: Filter, countries: dict[str, str], *, unknown: bool = False) -> bool:
    """Whether all words are found and all conditions hold, or could, where what is `unknown` counts too."""
    said, country = _said(row, countries), _country(row, countries)
    return all(word in said for word in wanted.words) and all(
        _holds(one, row, country, unknown=unknown) or (one.word and one.word in said) for one in wanted.conditions
    )


def _holds(condition: Condition, row: dict[str, Any], country: str, *, unknown: bool) -> bool:
    known = next((row[key] for key in condition.keys if key in row), None)
    if known is None:
        # What is unknown is neither more nor less, nor anything else.
        return unknown
    if isinstance(condition.value, float):
        return _SIGNS[condition.sign](float(known), condition.value)
    said = (" ".join(known) if isinstance(known, list) else str(known)).lower()
    texts = {said, *said.replace(",", " ").split()}
    if "country" in condition.keys:
        texts.add(country.lower())
    return (condition.value in texts) != (condition.sign == "!=")


def country_names(catalogue: Catalogue) -> dict[str, str]:
    """English names of countries by their two letters, as the first-party grids have them."""
    return {
        line.id.removeprefix("grid:"): line.name
        for line in catalogue.briefs("region")
        if line.first_party and line.id.startswith("grid:") and len(line.id) == len("grid:xx")
    }
