"""A figure as it was given, in the engine's unit, or what is wrong with it."""

from __future__ import annotations

from carbontui_registry import units

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui_registry.report import Report


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
    report.problem(where, f"{report.brief(raw)} is not a quantity", f"write {right}", given=raw, expected=right)
    return None


def _plain_number(raw: float, kind: str, where: str, report: Report, text_only: bool) -> float | None:
    if text_only and units.ENGINE_UNIT[kind]:
        example = f"{raw:g} {units.ENGINE_UNIT[kind]}" if abs(raw) < 1e15 else units.ENGINE_UNIT[kind]
        right = f"write it as text, such as '{example}'"
        report.problem(where, f"{report.brief(raw)} has no unit", right, given=raw, expected=f"'{example}'")
        return None
    value = float(raw)
    if value != value or value in (float("inf"), float("-inf")) or value < 0:
        what = f"{report.brief(raw)} is not a figure: it must be finite and not negative"
        report.problem(where, what, "leave out what is unknown", given=raw, expected="a finite number of 0 or more")
        return None
    if kind == "pue" and value < 1:
        what = f"a PUE of {value:g} is below 1; PUE is facility energy / IT energy"
        report.problem(where, what, given=raw, expected="a number of at least 1, such as 1.1")
        return None
    return value
