"""What is odd about a run of CodeCarbon: its own figures held against what its hardware can be."""

from __future__ import annotations

import re

from carbontui.importers.names import Named
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from carbontui.importers.codecarbon_run import Run

# Of the energy of a run; CodeCarbon takes memory at a rate a module, which small machines do not have.
_MOST_RAM = 0.5
# No desktop processor draws more for long, in W.
_MOST_DESKTOP = 350.0
_DESKTOP = re.compile(r"Core\(TM\)|Ryzen (?!Threadripper)|\bi[3579]-", re.IGNORECASE)
# Of a node for each accelerator: 2 x TDP + 200 W.
_OF_TDP, _NODE = 2.0, 200.0


def highest_power(catalogue: Catalogue, named: Named) -> float | None:
    """What a node can draw for each accelerator that a tool counts, in W; None where no TDP is known."""
    power = catalogue.hardware(named.id).record.power
    return _OF_TDP * power.tdp.value * named.each + _NODE if power is not None and power.tdp is not None else None


class Doubts:
    """Held against every row of a file; the same doubt is one note."""

    def __init__(self, path: str, reading: Reading) -> None:
        self.path = path
        self.reading = reading
        self._most: dict[str, float | None] = {}
        self._desktop: dict[str, bool] = {}

    def of(self, run: Run) -> None:
        """Note what is odd about a run."""
        parts = (run.cpu_energy, run.gpu_energy, run.ram_energy)
        energy, hours = run.energy_consumed, (run.duration or 0.0) / 3600
        if any(part is not None and part < 0 for part in parts):
            self._say(run, "a component of the energy is below 0")
        if run.gpu_count and run.gpu_energy == 0:
            self._say(run, "there are GPUs, but their energy is 0: it is missing from the total, or they were idle")
        if not energy:
            return
        if run.ram_energy is not None and run.ram_energy > _MOST_RAM * energy:
            self._say(run, f"memory is more than {100 * _MOST_RAM:.0f} % of the energy")
        if not hours:
            return
        if run.cpu_energy is not None and run.cpu_energy / hours * 1000 > _MOST_DESKTOP and self._is_desktop(run):
            self._say(run, f"a desktop processor draws more than {_MOST_DESKTOP:g} W")
        if run.gpu_count and (most := self._most_of(run.gpu_model)) is not None:
            watts = energy / (run.pue or 1.0) / (run.gpu_count * hours) * 1000
            if watts > most:
                self._say(run, f"the machine draws more than {most:,.0f} W per GPU (2 x TDP + 200 W)")

    def _say(self, run: Run, text: str) -> None:
        self.reading.warn(self.path, text, run.line)

    def _is_desktop(self, run: Run) -> bool:
        if run.cpu_model not in self._desktop:
            self._desktop[run.cpu_model] = _DESKTOP.search(run.cpu_model) is not None
        return self._desktop[run.cpu_model]

    def _most_of(self, text: str) -> float | None:
        if text not in self._most:
            models = {model for _, model in self.reading.names.models(text)}
            named = self.reading.names.hardware(models.pop()) if len(models) == 1 else None
            self._most[text] = highest_power(self.reading.catalogue, named) if named else None
        return self._most[text]
