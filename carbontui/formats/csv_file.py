"""A comparison, or a list of records, as CSV: one row per scenario, units in the header, numbers in full.

Totals are rows below the scenarios; `total_of` says of how many scenarios, and is empty for a scenario.

The columns are always the same, so that files can be put under one another, but for those of emissions outside training
and of intensities, where these are asked for; what is unknown is an empty cell. Basis,
spread and source of the figures stand in one cell each, as `power_w=measured chips=assumed`.
"""

from __future__ import annotations

import re

from carbontui.engine.comparison import Comparison
from carbontui.engine.lifetime import LINES, RATES
from carbontui.formats.citation import tool
from carbontui.formats.document import RESULT_KEYS, dump
from carbontui.quantities import FILE_KEYS, METRICS, RESULTS, TEXTS
from carbontui.text.table import total_name, total_notes
from carbontui.version import DATA_RELEASE
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from carbontui_registry.catalogue import Catalogue

# A spreadsheet takes a cell that begins with one of these for a formula; some also its wide form, or after a space. An
# apostrophe in front makes any cell a text, and is itself taken away by some.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠'")
# And these for a number, a date, a time or a truth: `2026.10`, `2020-10`, `1e5`, `May 2020`, `true`.
_SIGNS = r"[\d\s.,:;/%()$€£¥’+-]*"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_VALUE = re.compile(
    rf"{_SIGNS}\d{_SIGNS}(?:e[+-]?\d+|t[\d:.]*z?|[ap]m?)?|{_SIGNS}(?:{_MONTHS})[a-z]*{_SIGNS}|true|false", re.IGNORECASE
)
_PARTS = ("name", "model", "hardware", "region", "run", "group")
# A duration among the inputs is the one among the results, so that one column holds it.
_INPUTS = tuple(key for key in FILE_KEYS if key not in RESULTS)
_ENDS = tuple(f"{key}_{end}" for key in RESULT_KEYS for end in ("low90", "high90"))
_FIGURES = (
    *_INPUTS,
    *TEXTS,
    *RESULTS,
    *(f"{metric}_ratio_to_baseline" for metric in METRICS),
    *_ENDS,
    *(f"published_{key}" for key in RESULTS),
)
_LAST = ("basis", "spreads", "sources", "note", "metric", "accounting", "data", "cite")
_LIFETIME = tuple(
    f"{line}_{kind}_kgco2e{end}" for line in LINES for kind in ("gross", "net") for end in ("", "_low90", "_high90")
)
# Of these, the columns that hold numbers; all others hold texts.
NUMBERS = frozenset(("total_of", *_FIGURES)) - set(TEXTS)


def columns(*, lifetime: bool = False, rates: bool = False) -> tuple[str, ...]:
    """The columns, with those of emissions outside training and of intensities if they are asked for."""
    more = (*(_LIFETIME if lifetime else ()), *(RATES if rates else ()))
    return (*_PARTS, "baseline", "total_of", *_FIGURES, *more, *_LAST)


COLUMNS = columns()


def rows(
    comparison: Comparison, catalogue: Catalogue, *, lifetime: bool = False, rates: bool = False
) -> list[dict[str, Any]]:
    """One dict a scenario, then one a total, with every column; what is unknown is None."""
    document = dump(comparison, catalogue, lifetime=lifetime, rates=rates)
    made = []
    for number, one in enumerate(document["scenarios"]):
        row: dict[str, Any] = dict.fromkeys(columns(lifetime=lifetime, rates=rates))
        row |= {part: one[part] for part in (*_PARTS, "note") if part in one}
        row["baseline"] = "yes" if number == comparison.baseline else "no"
        for group in ("inputs", "lifetime", "rates"):
            row |= {key: value for key, value in one.get(group, {}).items() if key in row}
        row |= _results(one, row)
        row |= {f"published_{key}": value for key, value in one.get("published", {}).items()}
        for group in ("basis", "spreads", "sources"):
            row[group] = " ".join(f"{key}={value}" for key, value in one[group].items()) or None
        made.append(row)
    for total, one in zip(comparison.totals, document.get("total", ()), strict=True):
        row = dict.fromkeys(columns(lifetime=lifetime, rates=rates))
        row |= {"name": total_name(total), "group": total.group, "baseline": "no", "total_of": one["scenarios"]}
        row["note"] = "; ".join(total_notes(comparison.replace(totals=(total,)))) or None
        row |= _results(one, row)
        made.append(row)
    same = {"metric": document["metric"], "accounting": document["accounting"]}
    same |= {"data": DATA_RELEASE, "cite": tool().title}
    return [row | same for row in made]


def _results(one: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the results of a scenario or total, with the ends of their 90 % ranges."""
    made = {key: value for key, value in one["results"].items() if key in row}
    for key, (low, high) in {**one["interval90"], **one.get("lifetime", {}).get("interval90", {})}.items():
        made |= {f"{key}_low90": low, f"{key}_high90": high}
    return made


def to_csv(comparison: Comparison, catalogue: Catalogue, *, lifetime: bool = False, rates: bool = False) -> str:
    """The comparison as CSV (RFC 4180, lines ending in a line feed)."""
    more = {"lifetime": lifetime, "rates": rates}
    return table(columns(**more), rows(comparison, catalogue, **more))


def table(columns: Iterable[str], data: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV under these columns; texts that a spreadsheet would not keep as they are get an apostrophe."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(columns)
    writer.writerow(names)
    for row in data:
        writer.writerow([cell(row.get(name)) for name in names])
    return out.getvalue()


def cell(value: object) -> str:
    """A value as a cell: a number in full, a text that spreadsheets keep as it is, nothing for the unknown."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    text = clean(" ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or _VALUE.fullmatch(text) else text


def write(
    comparison: Comparison, catalogue: Catalogue, *, lifetime: bool = False, rates: bool = False, **_: Any
) -> str:
    """The comparison in this format."""
    return to_csv(comparison, catalogue, lifetime=lifetime, rates=rates)
