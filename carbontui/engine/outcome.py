"""What follows from the inputs taken: results, what is published beside them, what is missing, what had no effect."""

from __future__ import annotations

from carbontui.engine import calibration
from carbontui.engine import footprint as arithmetic
from carbontui.engine.equations import Known
from carbontui.engine.run_choice import AS_IT_WAS, OWN
from carbontui.engine.scenario import Note, Result, ScenarioError
from carbontui.engine.subject import Subject, at_the_place, default_name
from carbontui.engine.taking import State
from carbontui.engine.uncertainty import combined, factors_spread
from carbontui.quantities import FOLLOWING, METRICS, QUANTITIES, RESULTS, coverage_of
from carbontui_registry.figures import CarbonFactor, Figure
from carbontui_registry.records import TrainingRun
from carbontui_registry.vocabulary import TRAININGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def results_of(subject: Subject, state: State) -> dict[str, Result]:
    """The footprint from the inputs taken, in the order of operations that an array of scenarios has too; and the
    inputs that followed."""
    values = {key: one.value for key, one in state.inputs.items()}
    derived: dict[str, Known] = {}

    def add(*keys: str) -> None:
        for key in keys:
            if key not in values and key in state.known:
                values[key] = state.known[key].value
                derived[key] = state.known[key]

    add("compute", "throughput", "chips", "power", "pue")
    if arithmetic.time_part(values) is None:
        add("duration")
    if arithmetic.chip_time(values) is None:
        add("chip_hours")
    made = arithmetic.footprint(values)
    results = {
        key: _result(subject, state, made[key][0], _expanded(made[key][1], derived), made[key][2])
        for key in RESULTS
        if key in made
    }
    for key in FOLLOWING:
        known = state.known.get(key)
        if key not in state.inputs and known is not None and known.by is not None:
            file_key = QUANTITIES[key].file_key
            formula, exponents, value = known.formula(key), known.exponents, known.value
            if key in ("chip_hours", "compute") and "count" in state.inputs:
                value *= state.inputs["count"].value
                exponents, formula = {**exponents, "count": 1}, formula.replace(over=(*formula.over, "count"))
            results[file_key] = _result(subject, state, value, exponents, formula)
    return results


def _expanded(exponents: Mapping[str, float], derived: Mapping[str, Known]) -> dict[str, float]:
    """The exponents with what followed put in terms of what it follows from."""
    if not any(key in derived for key in exponents):
        return dict(exponents)
    out: dict[str, float] = {}
    for key, power in exponents.items():
        for name, inner in (derived[key].exponents if key in derived else {key: 1}).items():
            out[name] = out.get(name, 0) + power * inner
    return out


def _result(
    subject: Subject, state: State, value: float, exponents: Mapping[str, float], formula: arithmetic.Formula
) -> Result:
    if not value < float("inf"):
        raise ScenarioError("its figures are too large to multiply", where=subject.asked.name or default_name(subject))
    uses = {key: power for key, power in exponents.items() if key in state.inputs}
    factors = combined(*((power, state.errors.get(key, {})) for key, power in exponents.items()))
    # What cancels, as the chips do in the energy of some work at some speed, is nothing that the result rests on.
    basis = (
        "assumed" if any(power and state.inputs[key].basis == "assumed" for key, power in uses.items()) else "derived"
    )
    return Result(value, basis, factors_spread(factors), factors, uses, formula)


def published(subject: Subject) -> dict[str, Figure]:
    """What the authors of the run published, where the scenario is the run as it was."""
    if subject.asked.published:
        return dict(subject.asked.published)
    run = subject.run
    if run is None or subject.status != AS_IT_WAS or not at_the_place(subject):
        return {}
    record: TrainingRun = run.record
    figures = {"energy_kwh": record.energy, "gross_kgco2e": record.gross_co2e, "net_kgco2e": record.net_co2e}
    return {key: figure for key, figure in figures.items() if figure is not None}


def training_of(subject: Subject, state: State) -> str | None:
    """Whether the model is trained from scratch or was trained before: as was said, as trainable parameters say, as the
    run's record or the file says; None where nothing does."""
    if subject.asked.work in TRAININGS:
        return subject.asked.work
    if "trainable" in state.inputs:
        return "fine-tuning"
    if subject.run is not None and subject.status != OWN:
        kind: str | None = subject.run.record.training
        return kind
    return dict(subject.asked.texts).get("training") if subject.sealed else None


def missing(subject: Subject, state: State, results: Mapping[str, Result]) -> dict[str, tuple[str, ...]]:
    """For each unknown metric the least that would have to be added."""
    missing: dict[str, tuple[str, ...]] = {}
    time = _lacks_time(subject, state)
    if "duration_h" not in results:
        missing["duration"] = time or ("chips",)
    if "energy_kwh" not in results:
        missing["energy"] = _lacks_energy(subject, state)
    for key, needs in (("water", "wue"), ("cost", "price")):
        if METRICS[key] not in results:
            before = missing.get("energy", ()) if key == "water" else () if "chip_hours" in state.known else time
            missing[key] = before if needs in state.inputs else (*before, needs)
    for key in ("gross", "net"):
        if f"{key}_kgco2e" in results:
            continue
        lacks = missing.get("energy", ())
        if key == "net" and "gross" in subject.entered:
            lacks = (*lacks, "net-of-entered")
        elif key not in state.inputs:
            nowhere = subject.parts.region is None and subject.asked.region is None
            code = "region" if nowhere and key == "gross" else "region-net" if nowhere else _lacks_factor(subject, key)
            lacks = (*lacks, code)
        missing[key] = lacks
    return missing


def _lacks_factor(subject: Subject, key: str) -> str:
    """`gross` or `net`, with the coverage that an accounting asks for; a file says the same without the registry."""
    coverage = coverage_of(subject.accounting)
    return key if coverage is None else f"{key}-{coverage}"


def _lacks_time(subject: Subject, state: State) -> tuple[str, ...]:
    """What a time needs: of known work a speed, which hardware brings; of tokens the parameters."""
    known = set(state.known)
    if "chip_hours" in known or "duration" in known:
        return () if "chip_hours" in known and ("chips" in known or "duration" in known) else ("chips",)
    if "compute" in known:
        return ("throughput",) if subject.parts.hardware or subject.asked.hardware else ("hardware-speed",)
    return ("params",) if "tokens" in known and "flop_per_token" not in known else ("time",)


def _lacks_energy(subject: Subject, state: State) -> tuple[str, ...]:
    known = set(state.known)
    lacks: list[str] = []
    if {"energy", "it_energy"} & known:
        return ("pue",)
    if "power" not in known:
        nothing = subject.parts.hardware is None and subject.asked.hardware is None
        lacks.append("hardware" if nothing else "power")
    # Hardware brings a speed to the work that is known.
    if "chip_hours" not in known and not (lacks == ["hardware"] and "compute" in known):
        lacks += ["chips"] if "duration" in known else _lacks_time(subject, state)
    if not lacks and "pue" not in known:
        lacks.append("pue")
    return tuple(lacks)


def said_by_records(subject: Subject, state: State, factor: CarbonFactor | None) -> list[Note]:
    """What the records and figures that were used say that a reader must know."""
    if subject.sealed:
        return []
    records = [*subject.parts, subject.run if subject.status != OWN else None]
    noted = [one for one in records if one and one.record.note]
    found = [Note(one.kind, "of-record", (getattr(one.record, "name", one.id), one.record.note)) for one in noted]
    if factor is not None and factor.note and any(state.inputs[key].way.kind == "factor" for key in _taken(state)):
        found.append(Note("gross", "of-figure", (factor.note,)))
    for key, one in state.inputs.items():
        # A factor among the terms has its note above.
        used = [(key, one.figure), *((term.key, term.figure) for term in one.terms if term.key in QUANTITIES)]
        found += [Note(name, "of-figure", (figure.note,)) for name, figure in used if figure.note]
    return list(dict.fromkeys(found))


def _taken(state: State) -> list[str]:
    return [key for key in ("gross", "net") if key in state.inputs]


def without_effect(subject: Subject, state: State, results: Mapping[str, Result]) -> list[Note]:
    """What was entered and changes no result."""
    used = {key for result in results.values() for key in result.exponents}
    noted = {note.key for note in state.notes if note.code == "recomputed"}
    unused = [
        key
        for key in subject.entered
        if key not in used
        and key not in noted
        and not (key == "params" and "active_params" in used)
        and not (key == "tdp" and _tdp_used(state))
        and not (key in ("params", "active_params") and _size_decides(subject, state))
    ]
    code = "no-effect" if results else "no-effect-yet"
    return [Note(key, code) for key in unused] + _words_without_effect(subject, state)


def _size_decides(subject: Subject, state: State) -> bool:
    """Whether the size of the model decides how busy the accelerators are estimated to be, as it does for a few."""
    laws, chips = _laws(state), state.known.get("chips")
    if "few-by-size" in laws or subject.asked.work == "serving":
        return "few-by-size" in laws
    few = chips is not None and chips.value <= calibration.FEW_CHIPS
    return few and not {"server", "any-model", "older-server"}.isdisjoint(laws)


def _laws(state: State) -> tuple[str, ...]:
    """The laws that an estimated power rests on."""
    power = state.inputs.get("power")
    return tuple(law for term in power.terms for law in term.rests) if power is not None else ()


def _tdp_used(state: State) -> bool:
    """Whether the power is estimated from the TDP: here, or where the file was written, which holds no terms."""
    power = state.inputs.get("power")
    if power is None:
        return False
    return any(term.key == "tdp" for term in power.terms) or (power.way.kind == "file" and power.basis == "assumed")


def _words_without_effect(subject: Subject, state: State) -> list[Note]:
    """What was entered in words and changes nothing: a kind of work, a place of serving that serves no queries, a
    number format of which the hardware has no peak."""
    asked, hardware = subject.asked, subject.parts.hardware
    notes = []
    if asked.work == "serving" and not _laws(state):
        notes.append(Note("work", "work-no-effect"))
    lacks = tuple(key for key in ("queries", "energy_per_query") if key not in state.inputs)
    if asked.serving is not None and lacks:
        notes.append(Note("serving", "serving-no-effect", (lacks,)))
    if asked.precision is not None and "peak" not in subject.entered:
        if hardware is None:
            notes.append(Note("precision", "precision-no-effect", (asked.precision, asked.hardware or "")))
        elif asked.precision not in hardware.record.peak:
            notes.append(Note("precision", "precision-no-effect", (asked.precision, hardware.id)))
    return notes
