"""What the meters of a ledger say beside what would have been estimated: how far off estimates are here."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.entry import FACILITY
from carbontui.engine.scenario import Result, Scenario
from carbontui.engine.solver import fill
from carbontui.engine.uncertainty import spread_of
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of a hardware whose mean is taken as a measurement.
ENOUGH = 10
# Meters that are of no less than what runs without one are estimated at, or near it.
_OF_MACHINES = ("node", "system")
# What an estimate may be off by, as a factor, before a meter should count in its place.
_NEAR = 1.25
# A run shorter than this, in h, is start and end.
_SHORTEST = 0.1


class Measured(NamedTuple):
    """The power of an accelerator of metered runs, in W: their mean over accelerator-hours, the spread from run to run
    (None of one run), and what is estimated at the same boundary with its 90 % range, None where nothing is; `laws`
    are those of `text.laws` that the estimate rests on. `unmetered` runs on the hardware have no meter, and count with
    `counted` W."""

    hardware: str
    boundary: str
    runs: int
    chips: float
    power: float
    spread: float | None
    estimated: float | None
    interval: tuple[float, float] | None
    laws: tuple[str, ...] = ()
    unmetered: int = 0
    counted: float | None = None

    @property
    def enough(self) -> bool:
        """Whether the mean is of enough runs to be taken, so that its spread says something."""
        return self.runs >= ENOUGH and bool(self.spread)

    @property
    def off(self) -> bool:
        """Whether runs without a meter count with a power far from what meters show."""
        if self.counted is None or self.boundary not in _OF_MACHINES:
            return False
        return not 1 / _NEAR <= self.power / self.counted <= _NEAR

    @property
    def ratio(self) -> float | None:
        """Measured over estimated."""
        return self.power / self.estimated if self.estimated else None


def measured(ledger: Ledger, catalogue: Catalogue) -> tuple[Measured, ...]:
    """The hardware whose runs have meters of their own, by hardware and boundary."""
    runs = ledger.runs
    groups: dict[tuple[str, str], list[int]] = {}
    pue = np.ones(len(runs.settings))
    for number, setting in enumerate(runs.settings):
        boundary = setting.boundary if setting.energy_of == FACILITY else setting.energy_of
        if setting.hardware and setting.energy_of and setting.energy_basis == "measured" and boundary:
            groups.setdefault((setting.hardware, boundary), []).append(number)
        if setting.energy_of == FACILITY and setting.pue:
            pue[number] = setting.pue
    of_setting, hours, units = runs.setting_numbers, runs.numbers("hours"), runs.numbers("units")
    energy = ledger.energy / pue[of_setting] if len(runs) else ledger.energy
    with np.errstate(invalid="ignore"):
        sound = (energy > 0) & (hours >= _SHORTEST) & (units > 0)
    found = []
    for (hardware, boundary), numbers in sorted(groups.items()):
        rows = np.flatnonzero(sound & np.isin(of_setting, numbers))
        if len(rows):
            one = _of(hardware, boundary, energy[rows], hours[rows] * units[rows], units[rows], catalogue)
            unmetered, counted = _unmetered(ledger, hardware)
            found.append(one._replace(unmetered=unmetered, counted=counted))
    return tuple(found)


def _unmetered(ledger: Ledger, hardware: str) -> tuple[int, float | None]:
    """The runs on a hardware whose energy is estimated, and the mean W of an accelerator in that."""
    on = np.array([setting.hardware == hardware for setting in ledger.runs.settings], dtype=bool)
    energy = ledger.values("it_energy_kwh")
    rows = np.flatnonzero(on[ledger.runs.setting_numbers] & ~ledger.has_meter & ~np.isnan(energy))
    hours = float(ledger.hours[rows].sum())
    return len(rows), float(energy[rows].sum()) * 1000 / hours if hours else None


def _of(
    hardware: str, boundary: str, energy: NDArray[np.float64], chip_hours: NDArray[np.float64],
    units: NDArray[np.float64], catalogue: Catalogue,
) -> Measured:  # fmt: skip
    power = float(energy.sum() / chip_hours.sum() * 1000)
    logs = np.log(energy / chip_hours)
    spread = spread_of(float(np.var(logs, ddof=1))) if len(logs) > 1 else None
    chips = float(np.median(units))
    estimate, laws = _estimate(hardware, boundary, chips, catalogue)
    value, interval = (estimate.value, estimate.interval) if estimate is not None else (None, None)
    return Measured(hardware, boundary, len(energy), chips, power, spread, value, interval, laws)


def _estimate(
    hardware: str, boundary: str, chips: float, catalogue: Catalogue
) -> tuple[Result | None, tuple[str, ...]]:
    """The IT energy of an accelerator for 1000 h in kWh, which is its power in W, and the laws that this rests on."""
    carried = (
        ("chips", Figure(max(1.0, float(round(chips))), "published")),
        ("chip_hours", Figure(1000.0, "derived")),
    )
    filled = fill(Scenario(name="-", hardware=hardware, boundary=boundary, carried=carried), catalogue)
    if filled.texts.get("boundary") != boundary or "power" not in filled.inputs:
        return None, ()
    laws = tuple(law for term in filled.inputs["power"].terms for law in term.rests)
    return filled.results.get("it_energy_kwh"), laws
