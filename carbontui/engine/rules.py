"""Who says what, a rule a function: the facts, what was entered, the file's, the run's, the model's, the estimates."""

from __future__ import annotations

from carbontui.engine import footprint as arithmetic
from carbontui.engine import place, work
from carbontui.engine.assumptions import UPTIME
from carbontui.engine.claims import BELONGS_TO, ORDER, Claim
from carbontui.engine.equations import propagate
from carbontui.engine.plausibility import cannot_be, contradiction, more_than_all, too_far
from carbontui.engine.run_choice import CHANGED, OWN
from carbontui.engine.scenario import Note, Way
from carbontui.engine.subject import Subject, run_in_its_place
from carbontui.engine.taking import State, entered_claim, offer, take, take_or_keep
from carbontui.engine.uncertainty import Factors
from carbontui_registry.catalogue import Registered
from carbontui_registry.figures import Figure
from carbontui_registry.records import TrainingRun

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def take_facts(subject: Subject, state: State) -> None:
    """The peak of the hardware stands with what was entered, so that a utilisation gives a throughput."""
    hardware = subject.parts.hardware
    if "peak" in subject.entered or "utilisation" not in subject.entered or hardware is None:
        return
    if (peak := hardware.record.matrix_peak) is not None:
        take(state, Claim("peak", peak, hardware.origin, Way("hardware", hardware.id), ("peak", hardware.id)))


def take_entered(subject: Subject, state: State) -> None:
    """What was entered; what contradicts itself, or cannot be, is an error."""
    entered = subject.entered
    more_than_all(entered, subject.parts.model)
    for key in ("peak", "params", "active_params", "trainable"):
        if key in entered:
            take(state, entered_claim(key, entered[key]))
    for key in ORDER:
        if key == "flop_per_token":
            _take_flop_per_token(subject, state)
        elif key in entered:
            claim = entered_claim(key, entered[key])
            if key not in state.known:
                take(state, claim)
                cannot_be(subject.asked, state.known, state.inputs, subject.parts.hardware)
            elif too_far(claim.figure.value, state.known[key].value):
                raise contradiction(claim, state.known, state.inputs)
            else:
                state.notes.append(Note(key, "recomputed", (claim.figure.value, state.known[key].value)))


def _take_flop_per_token(subject: Subject, state: State) -> None:
    """FLOP per token follow from parameters, entered or the model's; they give way to compute and tokens entered."""
    carried = {key: figure.value for key, figure in subject.carried.items()}
    described = {
        key: figure
        for key, figure in subject.carried.items()
        if key in ("params", "active_params") and not subject.edited(BELONGS_TO.get(key, ()), carried)
    }
    entered = subject.entered
    given = {**described, **entered}
    about_tokens = {"tokens", "params", "active_params", "trainable"} & set(entered)
    if not about_tokens or {"compute", "tokens"} <= set(entered):
        return
    params: dict[str, float] = {
        key: given[key].value for key in ("params", "active_params", "trainable") if key in given
    }
    model = subject.parts.model
    if model is not None and not {"params", "active_params"} & set(params):
        key = "active_params" if model.record.active_params is not None else "params"
        if (figure := getattr(model.record, key)) is not None:
            params[key] = figure.value
            if "tokens" in entered or "trainable" in entered:
                claim = Claim(key, figure, model.origin, Way("model", model.id), ("model", model.id, key))
                state.inputs[key], state.errors[key] = claim.as_input(), claim.factors()
    if (known := work.flop_per_token(params)) is not None and "flop_per_token" not in state.known:
        state.known["flop_per_token"] = known
        propagate(state.known, "flop_per_token")


def take_carried(subject: Subject, state: State, texts: dict[str, str]) -> None:
    """What a file carried, unless what it belongs to was entered otherwise."""
    carried = {key: figure.value for key, figure in subject.carried.items()}
    known_work = _known_work(subject, carried)
    for key in ("params", "active_params", "trainable", *ORDER, "peak", "tdp"):
        figure = subject.carried.get(key)
        if figure is None or key in subject.entered:
            continue
        if subject.edited(BELONGS_TO.get(key, ()), carried):
            continue
        if key == "chip_hours" and known_work and subject.edited(("chips",), carried):
            continue
        if key == "duration" and known_work and not _agrees(subject, carried):
            continue
        take_or_keep(subject, state, file_claim(subject, key, figure))
    if "power" in state.inputs and "power" in subject.carried and "boundary" in dict(subject.asked.texts):
        texts.setdefault("boundary", dict(subject.asked.texts)["boundary"])


def _agrees(subject: Subject, carried: Mapping[str, float]) -> bool:
    """Whether a file's days agree with its work, speed and chips, of which somebody may have changed one by hand."""
    values = dict(carried) | {key: figure.value for key, figure in subject.entered.items()}
    if not {"chips", "compute", "throughput", "duration"} <= set(values):
        return True
    hours = arithmetic.duration(values["compute"], values["chips"], values["throughput"])
    return not too_far(values["duration"], hours)


def file_claim(subject: Subject, key: str, figure: Figure) -> Claim:
    """A carried figure, with the errors that the file keeps of it. In a file that keeps none, scenarios of one place
    share its figures, those on one hardware its power, those of one run its chips; the rest is of the pair."""
    asked = subject.asked
    of: tuple[str | None, ...]
    if key in ("pue", "gross", "net"):
        # The PUE of a place that has none is the same in all periods.
        timeless = figure.source is not None and figure.source.id == UPTIME.id
        of = (asked.region, None if timeless else dict(asked.texts).get("period"))
    elif key == "chips":
        of = (asked.run or asked.model,)
    else:
        of = (asked.hardware, asked.model if key != "power" else None)
    errors: Factors = {name: (1.0, variance) for name, variance in dict(asked.errors).get(key, ())}
    return Claim(key, figure, "", Way("file"), ("file", key, *of, figure.value), errors=errors)


def _known_work(subject: Subject, values: Mapping[str, float]) -> bool:
    """Whether both the work and the speed are known, so that they give the time on other chips."""
    have = {*values, *subject.entered}
    return "compute" in have and bool({"throughput", "utilisation"} & have)


def _other_chips(subject: Subject, values: Mapping[str, float], known_work: bool) -> bool:
    """Whether chip-hours give way because other chips were entered and work and speed give the time."""
    return known_work and subject.otherwise(("chips",), values)


def pue_of_place(subject: Subject, state: State, texts: dict[str, str], chosen: place.Factors) -> Iterable[Claim]:
    if "pue" in state.known:
        return
    run = run_in_its_place(subject, texts)
    claim, kind = place.pue_claim(subject.parts.region, texts.get("period"), run, chosen.factor)
    if claim is not None:
        if kind is not None:
            texts["pue_kind"] = kind
        yield claim


def claims_of_run(subject: Subject, state: State) -> Iterable[Claim]:
    """The run's figures for its training: chips and compute on any hardware, hours, speed and power on its own."""
    run = subject.run
    if run is None or subject.status == OWN:
        return
    record: TrainingRun = run.record
    values = subject.run_values
    here = subject.run_here
    compute = work.run_compute(run, subject.parts.model)
    own: dict[str, Figure | None] = {"chips": record.chips}
    if here is not None:
        own |= {"duration": here.duration, "chip_hours": here.chip_hours}
    if here is not None and _other_chips(subject, values, compute is not None and "throughput" in values):
        # With other chips the same work takes as many chip-hours only as long as nothing better is known.
        del own["chip_hours"]
    elif (
        here is not None
        and here.chip_hours is None
        and "chip_hours" in values
        and subject.otherwise(("chips",), values)
    ):
        own["chip_hours"] = Figure(values["chip_hours"], "derived", None, here.source)
    for key, figure in own.items():
        if figure is not None and not subject.otherwise(BELONGS_TO.get(key, ()), values):
            yield Claim(key, figure, run.origin, Way("run", run.id), ("run", run.id, key))
    if compute is not None and not subject.otherwise(BELONGS_TO["compute"], values):
        yield compute
    if here is None:
        return
    if here.throughput is not None:
        yield Claim("throughput", here.throughput, run.origin, Way("run", run.id), ("run", run.id, "throughput"))
    elif "throughput" in values and "chip_hours" not in state.known:
        figure = Figure(values["throughput"], "derived", None, here.source)
        yield Claim("throughput", figure, run.origin, Way("hours-of-run", run.id), ("run", run.id, "throughput"))
    if (
        here.power is not None
        and subject.asked.boundary in (None, here.boundary)
        and not (subject.status == CHANGED and _is_tdp(here, subject.parts.hardware))
    ):
        yield Claim("power", here.power, run.origin, Way("run", run.id), ("run", run.id, "power"))


def _is_tdp(run: TrainingRun, hardware: Registered | None) -> bool:
    """Whether a record gives the TDP as the run's power, which is not what it drew."""
    tdp = hardware.record.power.tdp if hardware is not None else None
    return run.power is not None and run.power.basis == "assumed" and tdp is not None and run.power.value == tdp.value


def take_model(subject: Subject, state: State) -> None:
    """The model's compute finds a time, never chips or a throughput."""
    if subject.status != OWN or "compute" in state.known:
        return
    claim = work.model_compute(subject.parts.model)
    entered = subject.entered
    if claim is None:
        return
    if {"trainable"} & set(entered):
        state.notes.append(Note("tokens", "trainable-needs-tokens"))
        return
    if "chip_hours" in state.known or "duration" in state.known:
        state.notes.append(
            Note("compute", "work-not-looked-up", (subject.parts.model and subject.parts.model.record.name,))
        )
        return
    if {"params", "active_params"} & set(entered):
        model = subject.parts.model
        if model is not None and model.record.tokens is not None:
            figure = model.record.tokens
            way, identity = Way("model", model.id), ("model", model.id, "tokens")
            offer(subject, state, Claim("tokens", figure, model.origin, way, identity))
        return
    if "tokens" not in entered:
        offer(subject, state, claim)


def assumed_pue(subject: Subject, state: State, _texts: dict[str, str]) -> Iterable[Claim]:
    """A survey's PUE, or 1 at a desk; not for a metered energy, which holds what it holds."""
    metered = {"energy", "it_energy"} & {*subject.entered, *subject.carried}
    if "pue" in state.known or metered or subject.sealed:
        return
    form = subject.asked.form or (subject.parts.hardware.record.form if subject.parts.hardware is not None else None)
    claim, note = place.assumed_pue(subject.parts.region.id if subject.parts.region else None, form)
    state.notes.extend([note] if note else [])
    yield claim


def power(subject: Subject, state: State, texts: dict[str, str]) -> Iterable[Claim]:
    if "power" in state.known:
        return
    # The laws of estimates are for what no source gives.
    from carbontui.engine import machine

    chips = state.known["chips"].value if "chips" in state.known else None
    hardware = subject.parts.hardware
    preferred = subject.catalogue.preferred_measurements(hardware) if hardware is not None else []
    found = machine.power(subject.parts, _pair_run(subject), subject.asked, subject.entered, chips, preferred)
    state.notes.extend(found.notes)
    if found.claim is not None:
        texts["boundary"] = found.boundary
        yield found.claim


def throughput(subject: Subject, state: State, _texts: dict[str, str]) -> Iterable[Claim]:
    """An estimated throughput finds a time only."""
    timed = {"chip_hours", "duration", "throughput"} & set(state.known)
    if timed or "compute" not in state.known:
        return
    from carbontui.engine import machine

    claim = machine.throughput(subject.parts, _pair_run(subject), subject.run_values, subject.entered)
    if claim is not None:
        yield claim


def _pair_run(subject: Subject) -> Registered | None:
    """The run from which a job of the user's own takes what is a property of model and hardware."""
    return subject.run if subject.status == OWN and subject.run_here is not None else None
