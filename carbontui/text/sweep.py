"""A sweep for people and for programs: the best cells as a comparison, the Pareto front, and every cell in a file."""

from __future__ import annotations

from carbontui.engine.sweep import Cell, Limits, Survey, Sweep
from carbontui.engine.sweep.best import best_comparison
from carbontui.engine.sweep.feasibility import BYTES_PER_PARAMETER, LONGER_THAN_KNOWN
from carbontui.engine.sweep.kinds import unlike
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.text.notes import missing_text, note_text
from carbontui.text.table import AMBER, RESET, Column, comparison_columns, comparison_notes, render, wrapped
from carbontui_registry.text import count_of, is_are

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.scenario import Filled


MARKS = {
    "nobody": "no provider offers the hardware",
    "elsewhere": "the provider does not offer the hardware in the region",
    "memory": f"{BYTES_PER_PARAMETER} bytes per parameter do not fit in the chips' memory",
    "time": f"it would take more than {LONGER_THAN_KNOWN:g} times as long as the known run",
    "unlike": "its carbon factors are of a different kind from those ranked",
    "over": "over a limit",
    "hours": "unknown: hours alone do not show how long other hardware would take; add tokens= or compute=",
}
UNLIKE = "their carbon factors are of another kind"


def limits_text(limits: Limits) -> list[str]:
    """Each limit in words."""
    parts = (
        ("at most {:g} d", limits.max_days),
        ("at most {:g} tCO2e gross", limits.max_gross),
        ("at most {:g} tCO2e net", limits.max_net),
        ("at most {:g} MWh", limits.max_energy),
        ("at most {:,.0f} USD", limits.max_cost),
        ("at most {}", limits.max_chips and count_of(limits.max_chips, "chip")),
        ("at least {:g} GiB", limits.min_memory),
        ("within {}", " ".join(limits.within) or None),
    )
    return [text.format(value) for text, value in parts if value is not None]


def counts(sweep: Sweep, survey: Survey) -> list[str]:
    """How many cells there are and what became of them, a line each."""
    models = len(sweep.bases)
    hardware = len({machine.hardware.id for machine in sweep.machines})
    chips = len({machine.chips for machine in sweep.machines})
    regions = len({place.region.id for place in sweep.places})
    periods = len(sweep.question.periods)
    axes = [
        _subject(sweep, 0) if models == 1 else f"{models:,} models",
        f"{hardware:,} hardware",
        count_of(regions, "region"),
        *([f"{periods} periods"] if periods > 1 else []),
        *([f"{chips} numbers of chips"] if chips > 1 else []),
    ]
    question = sweep.question
    made = [
        f"{' x '.join(axes)}: {count_of(survey.cells, 'combination')}; {question.objective},"
        f" {question.accounting} factors",
        *([f"limits: {' · '.join(limits)}"] if (limits := limits_text(question.limits)) else []),
    ]
    out = [f"{survey.over:,} {is_are(survey.over)} over a limit"] if survey.over else []
    out += [f"{number:,} not available: {MARKS[name]}" for name, number in survey.marked.items() if number]
    out += [f"{survey.unlike:,} {is_are(survey.unlike)} not ranked: {UNLIKE}"] if survey.unlike else []
    out += [f"{survey.hours:,} {is_are(survey.hours)} {MARKS['hours']}"] if survey.hours else []
    needs = {"net": "net factor", "cost": "price", "water": "water figure"}.get(question.objective, "carbon factor")
    lack = f"a {needs}, the compute, a power or a throughput is missing"
    out += [f"{survey.unknown:,} {is_are(survey.unknown)} unknown: {lack}"] if survey.unknown else []
    kept = f"{survey.possible:,} {is_are(survey.possible)} possible" if survey.possible else "none is possible"
    if question.marked:
        kept += f"; those not available are ranked {'too' if survey.possible else 'all the same'}"
    return [*made, kept + (";" if out else ""), *(f"  {line}" for line in out)]


def _range(sweep: Sweep, survey: Survey) -> str:
    """From the best to the worst cell."""
    kind = RESULTS[METRICS[sweep.question.objective]].kind
    best, worst = survey.best[0].value, survey.worst or survey.best[0].value
    low, high = display.shown(best, kind), display.shown(worst, kind)
    if low == high:
        return f"{sweep.question.objective}: {low}"
    text = f"from {low} to {high}"
    return f"{text}: {display.times(worst / best)}" if best else text


def nothing(survey: Survey) -> str:
    """Why no cell is best."""
    if survey.over:
        return "nothing fits the limits"
    barred = sum(survey.marked.values())
    return "all are unknown" if not barred else "nothing is available; --marked also ranks what nobody can rent"


def standing(one: Filled, sweep: Sweep, *, of_all: bool = False) -> str:
    """Where a scenario as it is stands among the cells: how many are better, of how many if `of_all`, or why it is none
    of them."""
    objective = sweep.question.objective
    if (value := one.result(METRICS[objective])) is None:
        lacks = missing_text(one, objective, remedy=False)
        return f"unchanged: {objective} is unknown{f': {lacks}' if lacks else ''}"
    if unlike(one, sweep.ranked):
        return f"unchanged is not ranked: {MARKS['unlike']}"
    better, possible = sweep.rank(value)
    shown = f"unchanged, {display.shown(value, RESULTS[METRICS[objective]].kind)}"
    return f"{shown}: {better:,}{f' of {possible:,}' if of_all else ''} {is_are(better)} better" if possible else shown


def standings(sweep: Sweep) -> list[str]:
    """Where each scenario asked for stands among all cells, a sentence each; those of which the same is unknown in
    one."""
    key = METRICS[sweep.question.objective]
    known, unknown = [], dict[str, list[str]]()
    for one in (base.standing for base in sweep.bases):
        said = standing(one, sweep, of_all=True)
        if one.result(key) is None:
            unknown.setdefault(said, []).append(one.name)
        else:
            known.append(f"{one.name} {said}")
    for said, names in unknown.items():
        known.append(f"{names[0] if len(names) == 1 else f'{len(names)} models'} {said}")
    return known


def as_text(sweep: Sweep, survey: Survey, width: int | None, *, colour: bool) -> str:
    """The sweep for a terminal."""
    out = [*wrapped(counts(sweep, survey), width), ""]
    if survey.best:
        out[-1:] = [*wrapped([_range(sweep, survey)], width), ""]
        comparison = best_comparison(sweep, survey)
        objective_word = sweep.question.objective
        columns = comparison_columns(comparison)
        if len(sweep.bases) == 1:
            # The rest of a row says all that its name would.
            stands = len(comparison.scenarios) - len(survey.best)
            columns[0] = Column("#", ["◆"] * stands + [str(n + 1) for n in range(len(survey.best))])
            instances = [*[""] * stands, *(_instance(sweep, cell) for cell in survey.best)]
            columns.insert(4, Column("instance", instances, keep=4, right=False, least=8))
            # Which cell it is matters more than what it comes to beside the objective.
            for column in columns[1:3]:
                column.keep = 9
            for column in columns:
                if column.title in ("net CO2e", "energy", "gross CO2e") and not column.title.startswith(objective_word):
                    column.keep = 5
        out += [*render(columns, width, _amber if colour else None), ""]
        out += [*wrapped(comparison_notes(comparison, marked=True), width), ""]
        objective = sweep.question.objective
        if survey.front:
            other = "time" if sweep.question.against == "duration" else sweep.question.against
            out += [f"Pareto front of {other} against {objective}, lowest {objective} first:"]
            out += [*front_table(sweep, survey.front, width), ""]
        else:
            out += ["the time of every combination is unknown; set a number of chips with --chips", ""]
    else:
        out += [nothing(survey), ""]
    out += wrapped([*standings(sweep), *map(note_text, sweep.notes)], width)
    return "\n".join(out) + "\n"


def _instance(sweep: Sweep, cell: Cell) -> str:
    """What the provider calls the machine that counts, where one is known."""
    offer = sweep.offers.offer(cell.machine, cell.place)
    return offer.record.instance or "" if offer is not None else ""


def _amber(_: int, line: str) -> str:
    return line.replace("~", f"{AMBER}~{RESET}")


def front_table(sweep: Sweep, front: list[Cell], width: int | None) -> list[str]:
    """The cells that none betters in both."""
    key = METRICS[sweep.question.objective]
    kind = RESULTS[key].kind
    unit = display.unit_for((cell.value for cell in front), kind)
    against = sweep.question.against
    others = [sweep.against(cell.machine, cell.place) for cell in front]
    other_kind = RESULTS[METRICS[against]].kind
    other_unit = display.unit_for(others, other_kind)
    machines = [sweep.machines[cell.machine] for cell in front]
    places = [sweep.places[cell.place] for cell in front]
    columns = [
        Column(against, [display.shown(value, other_kind, other_unit) for value in others]),
        *(
            [Column(sweep.question.objective, [display.shown(cell.value, kind, unit) for cell in front])]
            if sweep.question.objective != against
            else []
        ),
        Column("model", [_model(sweep, m.base) for m in machines] if len(sweep.bases) > 1 else [], right=False),
        Column("hardware", [m.hardware.record.name for m in machines], right=False, least=12),
        Column("chips", [f"{n:,.0f}" if (n := sweep.chips(cell.machine)) else "" for cell in front]),
        Column("region", [place.region.id for place in places], right=False, least=12),
    ]
    return render(columns, width)


def _model(sweep: Sweep, base: int) -> str:
    model = sweep.bases[base].standing.model
    return model.record.name if model is not None else ""


def _subject(sweep: Sweep, base: int) -> str:
    """What is swept: the model's name, or the job's."""
    return _model(sweep, base) or sweep.bases[base].standing.name


def row(sweep: Sweep, cell: Cell) -> dict[str, Any]:
    """A cell as JSON's own types, under the keys of results; what is unknown is absent."""
    machine, place = sweep.machines[cell.machine], sweep.places[cell.place]
    made = {
        "model": sweep.bases[machine.base].kept.model,
        "hardware": machine.hardware.id,
        "region": place.region.id,
        "period": place.period,
        "chips": sweep.chips(cell.machine),
        "duration_h": sweep.duration(cell.machine, cell.place),
        METRICS[sweep.question.objective]: cell.value,
    }
    if (offer := sweep.offers.offer(cell.machine, cell.place)) is not None:
        made |= {"offer": offer.id, "instance": offer.record.instance, "price_period": offer.record.period}
        made["price_usd_per_h"] = offer.record.price.value if offer.record.price is not None else None
    return {key: value for key, value in made.items() if value is not None}


def as_data(sweep: Sweep, survey: Survey, comparison: dict[str, Any]) -> dict[str, Any]:
    """The sweep beside the comparison of its best cells, as JSON's own types."""
    question = sweep.question
    return comparison | {
        "sweep": {
            "objective": question.objective,
            "accounting": question.accounting,
            "limits": limits_text(question.limits),
            "cells": survey.cells,
            "possible": survey.possible,
            "unknown": survey.unknown,
            "over": survey.over,
            "unlike": survey.unlike,
            "hours": survey.hours,
            "marked": survey.marked,
            **({"worst": survey.worst} if survey.worst is not None else {}),
            "best": [row(sweep, cell) for cell in survey.best],
            "front": [row(sweep, cell) for cell in survey.front],
            "standing": standings(sweep),
            "notes": [note_text(note) for note in sweep.notes],
        }
    }
