"""The paper's cells and claims recomputed, for people and for programs."""

from __future__ import annotations

from carbontui.text.table import Column, render
from carbontui.verification.paper import summary
from carbontui.verification.tables import Check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_FIELDS = ("table", "system", "cell", "printed", "computed", "verdict")


def as_data(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """The checks as JSON's own types."""
    return [{field: getattr(check, field) for field in (*_FIELDS, "recorded")} for check in checks]


def as_markdown(checks: Sequence[Check]) -> str:
    """The checks as a table of Markdown, with the reasons and the sum below."""
    from carbontui.text.markdown import escape, table

    rows = table([Column(f, [str(getattr(c, f)) for c in checks], right=f in ("printed", "computed")) for f in _FIELDS])
    reasons = [f"- {escape(reason)}" for reason in _reasons(checks)]
    return "\n".join([*rows, "", *reasons, *([""] if reasons else []), escape(summary(list(checks)))]) + "\n"


def as_text(checks: Sequence[Check], width: int | None) -> str:
    """The checks for a terminal; one whose verdict is not the recorded one carries `!`."""
    columns = [
        Column("table", [check.table for check in checks], right=False),
        Column("system", [check.system for check in checks], right=False, least=14),
        Column("cell", [check.cell for check in checks], right=False, least=14),
        Column("printed", [check.printed for check in checks]),
        Column("computed", [check.computed for check in checks]),
        Column("verdict", [c.verdict + ("" if c.as_recorded else " !") for c in checks], right=False),
    ]
    return "\n".join([*render(columns, width), "", *_reasons(checks), "", summary(list(checks))]) + "\n"


def problems(checks: Sequence[Check]) -> list[str]:
    """What differs from the record, a sentence each."""
    return [
        f"{check.table}, {check.system}, {check.cell}: printed {check.printed}, computed {check.computed}:"
        f" {check.verdict}, recorded is {check.recorded}"
        for check in checks
        if not check.as_recorded
    ]


def _reasons(checks: Sequence[Check]) -> list[str]:
    return [f"{check.system}, {check.cell}: {check.reason}" for check in checks if check.reason]
