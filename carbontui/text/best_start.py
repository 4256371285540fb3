"""When to run, in sentences."""

from __future__ import annotations

from carbontui.engine.best_start import LEAST_SAVED, When
from carbontui.engine.scenario import Filled
from carbontui.text.markdown import escape, table
from carbontui.text.records import source_line
from carbontui.text.table import Column, render
from carbontui_registry.text import count_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from carbontui_registry.catalogue import Registered
    from carbontui_registry.figures import CarbonFactor

MEANING = (
    "These are average factors: they show what share of the grid's emissions falls to each hour, not which plant would"
    " run less if this load moved. They support choosing an hour, but no claim of avoided emissions."
)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def lines(one: Filled, found: When | None, *, app: bool = False) -> list[str]:
    """The answer in sentences, of which some are other ones in the `app`."""
    if found is None:
        if one.region is None:
            return [f"when: no region is known; {'choose one' if app else 'add @REGION'}"]
        if one.result("duration_h") is None:
            from carbontui.text.notes import missing_text

            return [f"when: the duration is unknown: {missing_text(one, 'duration', app=app)}"]
        return [f"when: no mean day is known for {one.region.id} or its grid"]
    best, worst = found.best, found.worst
    made = [
        f"on the mean day of {found.region} in {found.period} ({found.time_zone}):",
        f"best start {best.hour:02}:00, {_percent(best.relative)} of the day's mean; worst {worst.hour:02}:00,"
        f" {_percent(worst.relative)}",
        f"waiting for the best start saves {_percent(found.saving)}"
        + (": next to nothing, because the run is long" if found.saving < 0.005 else ""),
    ]
    if worst.relative - best.relative < 1e-9:
        made[1:] = ["the start makes no difference: the run takes whole days"]
    elif found.saving < LEAST_SAVED:
        made[1:] = [f"no start is better: the best saves less than {_percent(LEAST_SAVED)}, because the run is long"]
    made += [
        f"pausing outside the best {count_of(pause.hours, 'hour')} of each day saves {_percent(1 - pause.relative)}"
        f" and takes {pause.longer:g} times as long, assuming that waiting chips draw no power"
        for pause in found.pauses
    ]
    if found.note:
        made.append(found.note)
    if found.source is not None:
        made.append(f"profile: {source_line(found.source)}")
    return [*made, MEANING]


def as_markdown(one: Filled, found: When | None) -> str:
    """The answer under the scenario's name, with the shape of the day where one is known."""
    parts = [f"# {escape(one.name)}", "\n".join(f"- {escape(line)}" for line in lines(one, found))]
    if found is not None:
        hours = [f"{hour:02}:00" for hour in range(len(found.shape))]
        columns = [
            Column("hour", hours, right=False),
            Column("factor over the day's mean", [f"{x:.3f}" for x in found.shape]),
        ]
        parts.append("\n".join(table(columns)))
    return "\n\n".join(parts) + "\n"


def as_data(one: Filled, found: When | None) -> dict[str, Any]:
    """The answer as JSON's own types; without a profile or a duration only the scenario's name and why."""
    data: dict[str, Any] = {"scenario": one.name}
    if found is None:
        return data | {"unknown": lines(one, None)[0].removeprefix("when: ")}
    starts = {"best": found.best, "worst": found.worst}
    return data | {
        "region": found.region,
        "period": found.period,
        "time_zone": found.time_zone,
        "duration_h": found.duration_h,
        **{name: {"hour": start.hour, "relative": start.relative} for name, start in starts.items()},
        "saving": found.saving,
        "pauses": [
            {"hours": pause.hours, "relative": pause.relative, "longer": pause.longer} for pause in found.pauses
        ],
        "shape": list(found.shape),
        **({"source": source_line(found.source)} if found.source is not None else {}),
    }


def profiles_data(known: Sequence[tuple[Registered, CarbonFactor]]) -> list[dict[str, Any]]:
    """The regions that have an hourly profile, as JSON's own types."""
    return [
        {
            "region": region.id,
            "name": region.record.name,
            "period": (factor.hourly and factor.hourly.period) or factor.period,
            "time_zone": factor.hourly.time_zone if factor.hourly else None,
        }
        for region, factor in known
    ]


def _profile_columns(known: Sequence[tuple[Registered, CarbonFactor]]) -> list[Column]:
    rows = profiles_data(known)
    return [
        Column(title, [str(row[key] or "") for row in rows], right=False, least=8)
        for key, title in (("region", "region"), ("name", "name"), ("period", "period"), ("time_zone", "time zone"))
    ]


def profiles_markdown(known: Sequence[tuple[Registered, CarbonFactor]]) -> str:
    """The regions that have an hourly profile, as Markdown."""
    return "\n".join(table(_profile_columns(known))) + "\n"


def profiles_table(known: Sequence[tuple[Registered, CarbonFactor]], width: int | None) -> str:
    """The regions that have an hourly profile, as a table."""
    some = f"{count_of(len(known), 'region')} {'has' if len(known) == 1 else 'have'}"
    count = f"{some} a mean day; a region within one of them uses its grid's"
    return "\n".join([*render(_profile_columns(known), width), "", count]) + "\n"
