"""Drifts for people and for programs: as a table, and as plain data."""

from __future__ import annotations

from carbontui.engine.drift import AMBIGUOUS, EFFECTS, GONE, OFF, PARTS, Drift
from carbontui.quantities import LABELS, kind_of
from carbontui.text import display
from carbontui.text.status import spread_text
from carbontui.text.table import Column, render
from carbontui_registry.figures import Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# What the registry has in place of a record, by the reason why it has none.
NOT_THERE = {GONE: "not registered", AMBIGUOUS: "claimed by several", OFF: "plugin is off"}


def as_data(found: Iterable[tuple[str, list[Drift]]]) -> list[dict[str, Any]]:
    """Drifts by file as JSON's own types; what is unknown is absent."""
    out = []
    for path, drifts in found:
        for one in drifts:
            fields: dict[str, Any] = {"file": path, "scenario": one.scenario, "key": one.file_key}
            for name, side in (("was", one.was), ("now", one.now)):
                if isinstance(side, Figure):
                    fields |= {name: side.value, f"{name}_basis": side.basis}
                    fields |= {f"{name}_spread": side.spread} if side.spread else {}
                elif side is not None:
                    fields[name] = side
            if one.reason:
                fields["reason"] = one.reason
            fields["effects"] = {
                key: {k: v for k, v in (("was", was), ("now", now)) if v is not None} for key, was, now in one.effects
            }
            out.append(fields)
    return out


def as_table(found: list[tuple[str, list[Drift]]], width: int | None) -> str:
    """Drifts as a table: what the file has, what the registry has, and what the field alone would change."""
    rows = [(path, one) for path, drifts in found for one in drifts]
    effects = [{key: (was, now) for key, was, now in one.effects} for _, one in rows]
    columns = [
        Column("file", [path if len(found) > 1 else "" for path, _ in rows], right=False, least=12),
        Column("scenario", [one.scenario for _, one in rows], right=False, least=14),
        Column("field", [LABELS.get(one.key, one.key) for _, one in rows], right=False),
        Column("was", [side_text(one, one.was) for _, one in rows]),
        Column("is", [side_text(one, one.now) for _, one in rows]),
    ]
    for key in EFFECTS:
        columns.append(Column(LABELS[key], [change_text(*by[key]) if key in by else "" for by in effects], keep=8))
    return "\n".join(render(columns, width)) + "\n"


def side_text(one: Drift, side: Figure | str | None) -> str:
    """What the file or the registry has, as text; where the values are the same, basis and a spread that differs."""
    if side is None:
        return NOT_THERE[one.reason or GONE] if one.key in PARTS else display.UNKNOWN
    if isinstance(side, str):
        return side
    kind = kind_of(one.key)
    text = display.shown(side.value, kind, digits=4)
    if isinstance(one.was, Figure) and isinstance(one.now, Figure) and one.was.value != one.now.value:
        # Two figures that differ must not look the same, however small the difference is.
        pair = [display.shown(figure.value, kind, digits=4) for figure in (one.was, one.now)]
        text = repr(side.value) if pair[0] == pair[1] else text
    else:
        same = isinstance(one.was, Figure) and isinstance(one.now, Figure) and one.was.spread == one.now.spread
        text += f" {side.basis}{'' if same else spread_text(side.spread)}"
    return text


def change_text(was: float | None, now: float | None) -> str:
    """`+3.2 %`; a word where one side is unknown."""
    if now is None:
        return "unknown"
    if not was:
        return "known" if was is None else "more"
    percent = 100 * (now / was - 1)
    return f"{'-' if percent < 0 else '+'}{display.significant(abs(percent), 2)} %"
