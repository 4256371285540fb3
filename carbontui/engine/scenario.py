"""A scenario: a model, hardware and a region put together.

`Scenario` is what was asked for, `Filled` what became of it once `solver.fill` had looked up, derived or assumed the
rest; each input says which it was. Everything here is numbers and keys: `carbontui.text` makes sentences of them.
"""

from __future__ import annotations

from carbontui.engine.uncertainty import Factors, interval90
from carbontui.quantities import OF_LIFETIME, PLACE, QUANTITIES, TEXTS
from carbontui_registry.catalogue import Registered
from carbontui_registry.errors import CarbontuiError
from carbontui_registry.figures import Figure, Source
from carbontui_registry.records import Hardware
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from carbontui.engine.coverage import Conversion
    from carbontui.engine.footprint import Formula

# What a file carried goes when the part that it belongs to is chosen again: hours, power and speed with the hardware.
OF_MACHINE = (
    *("duration", "chip_hours", "power", "throughput", "utilisation", "tdp", "peak", "boundary"),
    *("energy", "it_energy"),
)
OF_PLACE = (
    *(key for key, quantity in QUANTITIES.items() if quantity.part == PLACE),
    *(key for key, text in TEXTS.items() if text.part == PLACE),
    "energy",
)
OF_MODEL = (
    *("compute", "params", "active_params", "trainable", "tokens", "energy_per_query", "chips", "training"),
    *OF_MACHINE,
)


class ScenarioError(CarbontuiError):
    """A scenario cannot be filled in as asked; it says what was asked and what would be right."""


class Scenario(Value):
    """What is asked for: `given` was entered, `carried` came with a file and holds until what it belongs to changes.

    Ids are as they were written: `fill` looks them up. Quantities are in engine units, by the keys of `QUANTITIES`.
    """

    name: str = ""
    model: str | None = None
    hardware: str | None = None
    region: str | None = None
    run: str | None = None
    period: str | None = None
    boundary: str | None = None
    # Where it is served, if elsewhere than it was trained.
    serving: str | None = None
    given: tuple[tuple[str, Figure], ...] = ()
    carried: tuple[tuple[str, Figure], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    published: tuple[tuple[str, Figure], ...] = ()
    note: str = ""
    # The accounting under which a file carried all inputs there are; "" where the registry fills in what is missing.
    sealed: str = ""
    # Sources that the file lists for what stands behind its figures: of 1.34 x TDP, the TDP's.
    behind: tuple[Source, ...] = ()
    # What the file says of the errors in its figures: by key, their names and the variances of their logarithms.
    errors: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    # Quantities that were entered after the file was opened: what it carried and belongs to them is void.
    edited: tuple[str, ...] = ()
    # What the file says a reader must know: key and sentence.
    said: tuple[tuple[str, str], ...] = ()
    # What the file says that an entered energy replaced, by the keys of results.
    replaced: tuple[tuple[str, float, tuple[float, float] | None], ...] = ()
    # What puts scenarios together, as the stages of a project.
    group: str = ""
    # What kind of machine it is (server, workstation, consumer, laptop), where no record says.
    form: str | None = None
    # What the job does: training unless said otherwise.
    work: str | None = None
    # The number format of the training, which decides what peak bounds its throughput.
    precision: str | None = None

    def give(self, key: str, figure: Figure | None) -> Scenario:
        """The same with a quantity entered, or with None left to fill itself in again."""
        rest = tuple(pair for pair in self.given if pair[0] != key)
        given = rest if figure is None else (*rest, (key, figure))
        if key in OF_LIFETIME:
            return self.replace(given=given)
        edited = (*self.edited, key) if self.carried and key not in self.edited else self.edited
        return self.replace(
            given=given, published=(), said=(), edited=edited, sealed="" if figure is None else self.sealed
        )

    def choose(self, part: str, name: str | None) -> Scenario:
        """The same with another `model`, `hardware`, `region`, `run` or `period`; what belonged to the old one goes."""
        gone = {"model": OF_MODEL, "hardware": OF_MACHINE, "region": OF_PLACE, "period": OF_PLACE, "run": OF_MODEL}[
            part
        ]
        changes: dict[str, Any] = {
            part: name,
            "carried": tuple(pair for pair in self.carried if pair[0] not in gone),
            "texts": tuple(pair for pair in self.texts if pair[0] not in gone),
            "published": (),
            "said": (),
            "sealed": "",
        }
        carried = dict(self.carried)
        if gone is OF_PLACE and "energy" in carried and "it_energy" not in carried and "pue" in carried:
            # What the machine drew is the same anywhere; the place's part of it is the PUE.
            drew = carried["energy"].replace(value=carried["energy"].value / carried["pue"].value)
            changes["carried"] += (("it_energy", drew),)
        if part in ("model", "hardware"):
            changes["run"] = None
        if part == "region":
            changes["period"] = None
        return self.replace(**changes)


class Way(Value):
    """How an input was found: `kind` is one of those of `text.inputs`, `of` the id or the share that it is about."""

    kind: str
    of: str = ""
    more: str | float = ""


class Term(Value):
    """A figure that an input was computed from, with the identity of its error; `key` names it as `TERMS` does.

    `rests` are the laws of `text.laws` that an estimate rests on; `made` is how the coverage of a factor is converted.
    """

    key: str
    kind: str
    figure: Figure
    origin: str
    identity: object
    rests: tuple[str, ...] = ()
    made: Conversion | None = None


class Input(Value):
    """One figure that went into a footprint: the figure, whose record gave it, how it was found, the independent errors
    in it, and the terms that it was computed from, if it was."""

    figure: Figure
    origin: str
    way: Way
    factors: Factors
    terms: tuple[Term, ...] = ()

    @property
    def value(self) -> float:
        """In the engine's unit."""
        return self.figure.value

    @property
    def basis(self) -> str:
        """Whether it is measured, published, derived, assumed or entered."""
        return self.figure.basis

    @property
    def spread(self) -> float | None:
        """Relative standard deviation, None where none is known."""
        return self.figure.spread

    @property
    def source(self) -> Source | None:
        """Where it comes from."""
        return self.figure.source


class Result(Value):
    """One figure of a footprint; `exponents` names the inputs that it is the product of, each with its power."""

    value: float
    basis: str
    spread: float | None
    factors: Factors
    exponents: dict[str, float]
    formula: Formula

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 90 % range, where a spread is known."""
        return None if self.spread is None or not self.value else interval90(self.value, self.spread)


class Replaced(Value):
    """What a result would have been without the energy that was entered, with its 90 % range."""

    value: float
    interval: tuple[float, float] | None = None


class Note(Value):
    """Something that a reader must know: the key that it is about, a code, and what fills its sentence."""

    key: str
    code: str
    values: tuple[Any, ...] = ()


class Filled(Value):
    """A scenario filled in: the records it found, its inputs, and its results by their keys in files.

    `missing` says for each unknown metric what it lacks, by the codes of `text.notes`; `notes` is what one should know
    about how the scenario was filled in; `status` whose job it is.
    """

    scenario: Scenario
    name: str
    model: Registered | None
    hardware: Registered | None
    region: Registered | None
    run: Registered | None
    inputs: dict[str, Input]
    texts: dict[str, str]
    results: dict[str, Result]
    published: dict[str, Figure]
    missing: dict[str, tuple[str, ...]]
    notes: tuple[Note, ...]
    status: str = ""
    # What an entered energy replaced, by the keys of results.
    estimate: dict[str, Replaced] = {}

    def result(self, key: str) -> float | None:
        """The value of a result, or None where it is unknown."""
        return self.results[key].value if key in self.results else None

    def value(self, key: str) -> float | None:
        """The value of a quantity, whether it was an input or follows; None where it is unknown."""
        if key in self.inputs:
            return self.inputs[key].value
        return self.result(QUANTITIES[key].file_key)


def short_hardware_name(hardware: Hardware) -> str:
    """What people call it: the shortest alias in capitals, else its name without the vendor."""
    if hardware.aliases:
        return min(hardware.aliases, key=len).upper()
    name = hardware.name
    if hardware.vendor and name.lower().startswith(hardware.vendor.lower() + " "):
        name = name[len(hardware.vendor) + 1 :]
    return name
