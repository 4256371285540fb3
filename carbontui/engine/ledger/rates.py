"""What an hour of a run costs, and what a kWh of its meter does: a scenario of each kind of run, filled in once."""

from __future__ import annotations

from carbontui.engine.ledger.entry import FACILITY, Setting
from carbontui.engine.place import grids
from carbontui.engine.scenario import Filled, Result, Scenario
from carbontui.engine.solver import fill
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure, Source
from carbontui_registry.located import NEAR
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.figures import Basis

_KW = 1000.0
# What a node's own meter shows.
_NODE = "node"


class Rates(NamedTuple):
    """Results of one accelerator (or core) for an hour, and of one kWh that a run's own meter showed; None where a run
    has neither."""

    planned: Filled
    metered: Filled | None

    def of(self, key: str, *, metered: bool) -> Result | None:
        """The rate of a result; what hours cost is no question of the meter."""
        filled = self.metered if metered and key != "cost_usd" else self.planned
        return filled.results.get(key) if filled is not None else None


class Pricing:
    """The rates of settings in their months, each looked up once."""

    def __init__(self, catalogue: Catalogue, accounting: str) -> None:
        self.catalogue = catalogue
        self.accounting = accounting
        self._periods: dict[tuple[str, str], str | None] = {}
        self._by_nodes: dict[str, bool] = {}

    def setting(self, setting: Setting) -> Setting:
        """The setting with the boundary at which its runs are estimated, where that is not the system: measurements of
        nodes that the user prefers count for runs without a meter too, as nothing else would have them count."""
        estimated = setting.chips is not None and setting.power is None and not setting.energy_of
        return setting._replace(boundary=_NODE) if estimated and self._by_nodes_of(setting.hardware) else setting

    def _by_nodes_of(self, hardware: str) -> bool:
        if hardware and hardware not in self._by_nodes:
            preferred = self.catalogue.preferred_measurements(self.catalogue.hardware(hardware))
            boundaries = {one.record.boundary for one in preferred}
            self._by_nodes[hardware] = _NODE in boundaries and "system" not in boundaries
        return bool(hardware) and self._by_nodes[hardware]

    def rates(self, setting: Setting, month: str) -> Rates:
        """What a run of this setting costs in a month ("" where it is not known)."""
        place = Scenario(region=setting.region or None, period=self.period(setting.region, month))
        figures = _figures(setting, chip_hours=(1.0, "derived"), pue=(setting.pue, setting.pue_basis))
        boundary = _NODE if self.setting(setting).boundary == _NODE and not setting.energy_of else None
        machine = place.replace(hardware=setting.hardware or None, name="-", boundary=boundary)
        if setting.chips is not None and setting.chips >= 1 and setting.chips == int(setting.chips):
            figures += _figures(setting, chips=(setting.chips, "published"))
        if setting.power is not None:
            figures += _figures(setting, power=(setting.power, "published"))
        factor = _figures(setting, gross=(setting.factor, "published"))
        planned = self._fill(machine.replace(carried=figures + factor))
        return Rates(planned, self._metered(setting, place, factor) if setting.energy_of else None)

    def _metered(self, setting: Setting, place: Scenario, factor: tuple[tuple[str, Figure], ...]) -> Filled:
        pue = _figures(setting, pue=(setting.pue, setting.pue_basis))
        if setting.energy_of == FACILITY:
            figures = _figures(setting, energy=(1.0, setting.energy_basis))
            return self._fill(place.replace(name="-", carried=figures + pue + factor))
        # An energy before PUE holds what it holds; as a power for an hour it has the PUE of its place.
        figures = _figures(setting, chip_hours=(1.0, "derived"), power=(_KW, setting.energy_basis))
        form = self.catalogue.hardware(setting.hardware).record.form if setting.hardware else None
        texts = (("boundary", setting.energy_of),)
        return self._fill(place.replace(name="-", carried=figures + pue + factor, texts=texts, form=form))

    def _fill(self, scenario: Scenario) -> Filled:
        return fill(scenario, self.catalogue, self.accounting)

    def period(self, region: str, month: str) -> str | None:
        """The period of a region's factors that is nearest to a month; None for the latest where none is near."""
        if not region or not month:
            return None
        if (region, month) not in self._periods:
            chain = grids(self.catalogue.region(region), self.catalogue)
            known = {factor.period for one in chain for factor in one.record.factors}
            near = [period for period in (month, month[:4]) if period in known]
            year = int(month[:4])
            near += sorted(
                (one for one in known if len(one) == 4 and abs(int(one) - year) <= NEAR),
                key=lambda one: (abs(int(one) - year), one),
            )
            self._periods[region, month] = near[0] if near else None
        return self._periods[region, month]


def _figures(setting: Setting, **given: tuple[float | None, Basis]) -> tuple[tuple[str, Figure], ...]:
    source = Source(setting.tool) if setting.tool else None
    return tuple(
        (key, Figure(value, basis, None, source)) for key, (value, basis) in given.items() if value is not None
    )
