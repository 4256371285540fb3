"""What changed in the registry since a file was saved, as rows and lines."""

from __future__ import annotations

from carbontui.engine.drift import AMBIGUOUS, OFF, PARTS, Drift
from carbontui.quantities import LABELS
from carbontui.text import display
from carbontui.text.drift import change_text, side_text
from carbontui.text.record import Shown
from carbontui.text.records import source_line
from carbontui.tui.views.columns import Column, TableRow
from carbontui_registry.figures import Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = "●"
# Why a record is not there, and what to do about it.
_WHY = {
    AMBIGUOUS: (
        "is claimed by several plugins",
        "Prefer one of them in config.toml, and its figures are compared again.",
    ),
    OFF: ("belongs to a plugin that is switched off", "Switch it on, and its figures are compared again."),
}
_GONE = ("is no longer registered", "It may have come from a plugin or pack.")


def drift_notice(drifts: Sequence[Drift], key: str = "t") -> str:
    """How many figures changed in the registry since the file was saved, and the key that shows them; "" for none."""
    what = "1 figure has" if len(drifts) == 1 else f"{len(drifts)} figures have"
    return f"{what} changed in the registry since this was saved ([{key}] review)" if drifts else ""


def columns(metric_key: str, width: int) -> list[Column]:
    """The columns, wider where there is room."""
    wide = width >= 100
    return [
        Column("", 1),
        Column("scenario", 0),
        Column("field", 16 if wide else 12),
        Column("was", 20 if wide else 16, right=True),
        Column("is", 20 if wide else 16, right=True),
        Column(LABELS[metric_key], 10, right=True),
    ]


def row(one: Drift, metric_key: str, *, picked: bool) -> TableRow:
    """A field: what the file has, what the registry has, and the effect on the metric."""
    effects = {name: change_text(was, now) for name, was, now in one.effects}
    mark = MARK if picked else ""
    label = LABELS.get(one.key, one.key.replace("_", " "))
    sides = (side_text(one, one.was) if one.key not in PARTS else str(one.was), side_text(one, one.now))
    cells = (mark, one.scenario, label, *sides, effects.get(metric_key, "same"))
    return TableRow(cells, "off" if one.key in PARTS else "alert" if mark else "")


def details(one: Drift) -> list[Shown]:
    """A field in full: both sides with their sources, and what this field alone would change."""
    made = [Shown(f"{LABELS.get(one.key, one.key.replace('_', ' '))} of {one.scenario}", "title")]
    if one.key in PARTS:
        why, remedy = _WHY.get(one.reason, _GONE)
        made.append(Shown(f"the {one.key} {one.was} {why}", "warning"))
        made.append(Shown(f"The file keeps its figures for it. {remedy}"))
        return made
    for title, side in (("in the file", one.was), ("in the registry", one.now)):
        text = side_text(one, side)
        if isinstance(side, Figure):
            basis = "" if text.endswith(side.basis) or f" {side.basis} " in text else f", {side.basis}"
            made.append(Shown(f"{title} {text}{basis}", "head"))
            made.append(Shown(f"    {source_line(side.source)}", "dim"))
        else:
            made.append(Shown(f"{title} {text if side is not None else 'none'}", "head"))
    if not one.effects:
        made.append(Shown("no result depends on it"))
    for name, was, now in one.effects:
        kind = display.kind_of(name)
        ends = f"{display.shown(was, kind, digits=4)} would be {display.shown(now, kind, digits=4)}"
        made.append(Shown(f"{LABELS[name]}: {ends} ({change_text(was, now)})"))
    return made
