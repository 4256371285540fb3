"""One run as a log has it, before anything is looked up."""

from __future__ import annotations

from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui_registry.figures import Basis

# An energy that has the PUE in it; else it is of one of the boundaries of a power.
FACILITY = "facility"
# What a run's start (s since 1970) and its time (h) can be: from 1970 to the end of 2199, and 20 years.
EARLIEST, LATEST = 0.0, 7_258_118_400.0
LONGEST = 20 * 8766.0


class Setting(NamedTuple):
    """What many runs have in common: ids of hardware and region ("" where unknown), and figures that hold for each.

    `chips` is how many accelerators a run has, of which its power depends; `power` W of one accelerator, or of one core
    where there are none; `factor` the gross carbon factor that a file states, in gCO2e/kWh. `energy_of` says what a
    run's own energy is of, `energy_basis` how it is known. `tool_pue` is the PUE that a tool has in the energy where it
    was told none, which says nothing of the place.
    """

    hardware: str = ""
    region: str = ""
    chips: float | None = None
    power: float | None = None
    boundary: str = ""
    pue: float | None = None
    pue_basis: Basis = "published"
    factor: float | None = None
    energy_of: str = ""
    energy_basis: Basis = "measured"
    tool: str = ""
    tool_pue: float | None = None


class Labels(NamedTuple):
    """Texts of a run that one groups by; "" where the log does not say."""

    user: str = ""
    account: str = ""
    cluster: str = ""
    partition: str = ""
    group: str = ""
    state: str = ""
    node: str = ""


class Entry(NamedTuple):
    """A run: times in h, `start` in s since 1970 by the log's own clock, energy in kWh, emissions in kgCO2e.

    `units` is the number of accelerators, or of cores where there are none. Of entries with the same `key` the last one
    counts. `idle` is whether its accelerators never worked, None where the log does not say.
    """

    name: str
    setting: Setting
    labels: Labels = Labels()
    start: float | None = None
    hours: float | None = None
    units: float | None = None
    energy: float | None = None
    gross: float | None = None
    idle: bool | None = None
    key: str = ""
