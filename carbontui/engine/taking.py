"""Taking claims: what is known so far, and what becomes of a claim that already follows."""

from __future__ import annotations

from carbontui.engine.claims import Claim
from carbontui.engine.equations import Known, propagate
from carbontui.engine.plausibility import cannot_be
from carbontui.engine.scenario import Input, Note, ScenarioError, Way
from carbontui.engine.subject import Subject
from carbontui.engine.uncertainty import Factors
from carbontui_registry.figures import Figure
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

# Figures of a run or a file that say again what follows from others of it stay as they were printed, up to this.
PRINTED = 0.02


class State(Value):
    """What is known so far: values, the inputs that were taken, errors by quantity, notes."""

    known: dict[str, Known]
    inputs: dict[str, Input]
    errors: dict[str, Factors]
    notes: list[Note]


def take(state: State, claim: Claim) -> None:
    state.inputs[claim.key] = claim.as_input()
    state.errors[claim.key] = state.inputs[claim.key].factors
    state.known[claim.key] = Known(claim.figure.value, {claim.key: 1.0})
    propagate(state.known, claim.key)


def offer(subject: Subject, state: State, claim: Claim) -> None:
    """Take a claim that was looked up, unless it follows already or cannot be."""
    metered = bool({"energy", "it_energy"} & set(state.inputs))
    if claim.key == "power" and metered and ("chip_hours" in state.known or "it_energy" not in state.known):
        # An energy displaces the power, which finds a time alone, and that only of an energy before PUE.
        return
    if claim.key in state.known:
        _keep_as_printed(subject, state, claim)
        return
    before = dict(state.known)
    take(state, claim)
    try:
        cannot_be(subject.asked, state.known, state.inputs, subject.parts.hardware)
    except ScenarioError:
        state.known.clear()
        state.known.update(before)
        del state.inputs[claim.key]
        state.notes.append(Note(claim.key, "left-out", (claim.figure.value, claim.way)))


def _keep_as_printed(subject: Subject, state: State, claim: Claim) -> None:
    """A run's figures that say again what follows from others of it stay as they were printed; one that says something
    else is left with a note."""
    follows = state.known[claim.key]
    if claim.key in state.inputs or not follows.value or claim.way.kind not in ("run", "six", "model"):
        return
    if abs(claim.figure.value / follows.value - 1) > PRINTED:
        if not _touched(subject, state, claim.key):
            state.notes.append(Note(claim.key, "published-not-taken", (claim.figure.value, follows.value)))
    elif claim.key != "chip_hours":
        state.inputs[claim.key] = claim.as_input()


def take_or_keep(subject: Subject, state: State, claim: Claim) -> None:
    """A file's figure: taken, or kept as printed where it says again what follows, or left with a note."""
    if claim.key not in state.known:
        offer(subject, state, claim)
        return
    follows = state.known[claim.key].value
    if follows and abs(claim.figure.value / follows - 1) <= PRINTED and not _touched(subject, state, claim.key):
        state.inputs[claim.key] = claim.as_input()
    elif not _touched(subject, state, claim.key):
        state.notes.append(Note(claim.key, "not-taken", (claim.figure.value, follows)))


def _touched(subject: Subject, state: State, key: str) -> bool:
    """Whether something entered stands behind what follows for the key."""
    return any(name in subject.entered for name in state.known[key].exponents)


def entered_claim(key: str, figure: Figure) -> Claim:
    return Claim(key, figure, "", Way("entered"), ("entered", key, figure.value))


def put(state: State, claim: Claim) -> None:
    state.inputs[claim.key] = claim.as_input()
    state.errors[claim.key] = state.inputs[claim.key].factors
