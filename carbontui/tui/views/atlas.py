"""The regions on the map: the result of the current job in each, or the carbon factor there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from carbontui.engine.scenario import Filled, Note, Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.engine.sweep import CODES, Limits, Sweep, SweepQuestion
from carbontui.engine.sweep.axes import Place, places
from carbontui.engine.sweep.feasibility import OVER, UNKNOWN, UNLIKE
from carbontui.quantities import METRICS, RESULTS
from carbontui.text import display
from carbontui.text.filters import matching
from carbontui.text.sweep import MARKS
from carbontui.tui.views.ramp import shade
from carbontui_registry.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbontui_registry.catalogue import Catalogue, Registered

    Floats = NDArray[np.float64]

# What regions are coloured by: the metrics of the job that differ between places, and the factor, which needs no job.
FACTOR = "factor"
COLOURED_BY = ("gross", "net", "energy", "water", "cost", FACTOR)
# What carbon factors have a part in.
OF_CARBON = ("gross", "net", FACTOR)
# Which regions: (word for people, globs).
REACH = (("every datacenter", ()), ("every region and grid", ("*",)))
NO_JOB = "no job yet"
_NONE = Limits()


class Spot(NamedTuple):
    """A region with its degrees; `number` is that of its place in the sweep."""

    number: int
    region: Registered
    latitude: float
    longitude: float


class Ground:
    """A job in every region, computed once: everything that is drawn is looked up in it.

    Without a job, or with one whose hardware is not known, there are the factors alone; `trouble` says why. Of the
    regions there are those that `limits` leave: of their countries, or with `stays` the job's own. `hardware` is the id
    of other hardware than the job's own.
    """

    def __init__(
        self,
        base: Scenario | None,
        catalogue: Catalogue,
        *,
        accounting: str,
        globs: tuple[str, ...] = (),
        limits: Limits = _NONE,
        stays: bool = False,
        hardware: str = "",
    ) -> None:
        self.catalogue, self.accounting, self.limits = catalogue, accounting, limits
        self.sweep: Sweep | None = None
        self.on_own = True
        self.trouble, self.name = NO_JOB, "Regions"
        self.places: list[Place]
        question = SweepQuestion((base or Scenario(),), regions=globs, accounting=accounting, limits=limits)
        if base is not None:
            try:
                standing = fill(base, catalogue, accounting)
                self.name = standing.name
                if stays and standing.region is not None:
                    question = question.replace(regions=(standing.region.id,))
                own = standing.hardware.id if standing.hardware is not None else ""
                self.sweep = _on_hardware(hardware or own, question, catalogue)
                self.on_own = hardware in ("", own)
                self.trouble = ""
            except (ScenarioError, UnknownName) as error:
                self.trouble = str(error)
        notes: list[Note] = []
        try:
            self.places = self.sweep.places if self.sweep is not None else places(question, (), catalogue, notes)
        except ScenarioError as error:
            self.places, self.trouble = [], str(error)
        self.spots = [
            Spot(n, place.region, place.region.record.latitude, place.region.record.longitude)
            for n, place in enumerate(self.places)
            if place.region.record.latitude is not None and place.region.record.longitude is not None
        ]
        # Regions of which nobody says where they are.
        self.nowhere = len(self.places) - len(self.spots)
        self._filled: dict[int, Filled] = {}

    @property
    def own(self) -> Filled | None:
        """The unchanged job."""
        return self.sweep.bases[0].standing if self.sweep is not None else None

    @property
    def hardware(self) -> Registered | None:
        """What the job is shown on in every place."""
        return self.sweep.machines[0].hardware if self.sweep is not None and self.sweep.machines else None

    def filled(self, number: int) -> Filled:
        """The job in a place, with the basis and spread of every figure; the place alone where there is no job."""
        if number not in self._filled:
            self._filled[number] = self.sweep.filled(0, number) if self.sweep else self.places[number].filled
        return self._filled[number]

    def scenario(self, number: int) -> Scenario:
        """The job in a place, as Compare takes it."""
        return self.sweep.scenario(0, number) if self.sweep else Scenario(region=self.places[number].region.id)

    def values(self, metric: str) -> tuple[Floats, NDArray[np.uint8]]:
        """A metric or the factor in every place, nan where unknown, and what keeps the job from each (0: nothing)."""
        codes = np.zeros(len(self.places), dtype=np.uint8)
        known = (place.filled.inputs.get("gross") for place in self.places)
        values = np.array([one.value if one is not None else np.nan for one in known])
        if self.sweep is not None:
            # Marks keep nothing from being best: what is over a limit is said whatever the machine is kept by.
            swept = self.sweep.asked("gross" if metric == FACTOR else metric, self.limits, marked=True)
            found, codes = (one[0].copy() for one in swept.values(slice(0, 1)))
            # What the machine is kept by, such as its memory, is the same everywhere and no matter of where.
            codes[(codes != OVER) & ((codes != UNLIKE) | (metric == FACTOR))] = 0
            barred = self.sweep.offers.barred(slice(0, 1))[0]
            codes[barred > 0] = barred[barred > 0]
            values = values if metric == FACTOR else found
        codes[np.isnan(values)] = UNKNOWN
        return values, codes


class Atlas:
    """What is shown of the ground: the regions that are let through, and a colour for each.

    `everywhere` shows regions too where the hardware is not offered; they are never best, nor is what is over a limit.
    The job's own region and the one `kept` are always shown.
    """

    def __init__(
        self, ground: Ground, metric: str, *, everywhere: bool = False, words: Sequence[str] = (), kept: str = ""
    ) -> None:
        """Raises `WrongFilter`."""
        self.ground, self.metric = ground, metric
        self.values, self.codes = ground.values(metric)
        self.kind = "factor" if metric == FACTOR else RESULTS[METRICS[metric]].kind
        known = [one for one in ground.spots if not np.isnan(self.values[one.number])]
        self.unknown = len(ground.spots) - len(known)
        meant = {one.id for one in matching([spot.region for spot in known], words, ground.catalogue)}
        known = [one for one in known if one.region.id in meant]
        own = ground.own.region.id if ground.own is not None and ground.own.region is not None else None
        away = {one.number for one in known if self.codes[one.number] not in (0, OVER)}
        self.away, self.over = len(away), sum(bool(self.codes[one.number] == OVER) for one in known)
        self.spots = [one for one in known if everywhere or one.number not in away or one.region.id in (own, kept)]
        self.own = next((one for one in self.spots if one.region.id == own), None)
        free = [one for one in self.spots if not self.codes[one.number]]
        self.best = min(free, key=lambda one: (self.values[one.number], one.region.id), default=None)
        shown = [float(self.values[one.number]) for one in free or self.spots]
        self.low, self.high = (min(shown), max(shown)) if shown else (0.0, 0.0)
        # Nothing has no place on a logarithmic scale.
        self._least = min((value for value in shown if value > 0), default=0.0)
        self.unit = display.unit_for([float(np.median(shown))], self.kind) if shown else ("", 1.0)
        self.order = sorted(self.spots, key=lambda one: (bool(self.codes[one.number]), self.values[one.number]))

    def value(self, spot: Spot) -> float:
        """The figure of a region."""
        return float(self.values[spot.number])

    def shade(self, spot: Spot) -> int | None:
        """0 to `SHADES - 1`, None where the hardware is not available or the job is over a limit."""
        return None if self.codes[spot.number] else shade(self.value(spot), self._least, self.high)

    def why(self, spot: Spot) -> str:
        """What keeps the job from a region, in words."""
        code = CODES[self.codes[spot.number]]
        return MARKS.get(code, code)

    def text(self, spot: Spot) -> str:
        """The figure in the unit of all."""
        if self.kind == "factor":
            return f"{display.significant(self.value(spot), 3)} g/kWh"
        return display.shown(self.value(spot), self.kind, self.unit)

    def unchanged(self, spot: Spot) -> bool:
        """Whether it is the job as it is, in its own region on its own hardware."""
        return spot is self.own and self.ground.on_own

    def against_own(self, spot: Spot) -> str:
        """The figure relative to that of the unchanged job: `-89 %`; "" where there is none."""
        own = self.ground.own.result(METRICS[self.metric]) if self.ground.own and self.metric != FACTOR else None
        if not own:
            return ""
        change = 100 * (self.value(spot) / own - 1)
        much = display.less_than_all(-change) if change <= -99.5 else display.significant(abs(change), 2)
        return f"{'+' if change > 0 else '-' if change < 0 else '±'}{much} %"


def _on_hardware(hardware: str, question: SweepQuestion, catalogue: Catalogue) -> Sweep:
    """The job on hardware by its id. Raises `ScenarioError` where there is none that is registered."""
    if not hardware:
        raise ScenarioError("no registered hardware: the map shows the factor")
    return Sweep(question.replace(hardware=(hardware,)), catalogue)
