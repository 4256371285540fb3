"""The runs of a ledger in columns: about 60 bytes a run, beside its name and its key."""

from __future__ import annotations

from array import array

import numpy as np

from carbontui.engine.ledger.entry import Entry, Labels, Setting
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

LABELS = Labels._fields
NUMBERS = ("start", "hours", "units", "energy", "gross", "idle")
_UNKNOWN = float("nan")


class Coded(NamedTuple):
    """A text a run as its number in `words`."""

    codes: NDArray[np.int32]
    words: list[str]


class Runs:
    """Runs in the order in which they were added; a later one with the same key takes the place of the earlier."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.settings: dict[Setting, int] = {}
        self._labels: dict[Labels, int] = {}
        self._setting = array("i")
        self._label = array("i")
        # Those of a run stand together, in the order of `NUMBERS`.
        self._numbers = array("d")
        self._at: dict[str, int] = {}
        # What `label` gave, until another run is added.
        self._coded: dict[str, Coded] = {}

    def __len__(self) -> int:
        return len(self.names)

    def copy(self) -> Runs:
        """The same runs, to add others to."""
        made = Runs()
        made.names, made.settings, made._labels = self.names.copy(), self.settings.copy(), self._labels.copy()
        made._setting, made._label, made._numbers = self._setting[:], self._label[:], self._numbers[:]
        made._at = self._at.copy()
        return made

    def other(self, settings: list[Setting], energy: NDArray[np.float64]) -> Runs:
        """The same runs with another setting in place of each, in their order, and other energies in kWh; without the
        emissions that logs state."""
        made = Runs()
        made.names, made._labels, made._label = self.names, self._labels, self._label
        numbers = np.array([made.settings.setdefault(one, len(made.settings)) for one in settings], dtype=np.int32)
        made._setting = array("i", numbers[self.setting_numbers].tobytes() if settings else b"")
        columns = np.array(self._numbers, dtype=np.float64).reshape(-1, len(NUMBERS))
        columns[:, NUMBERS.index("energy")] = energy
        columns[:, NUMBERS.index("gross")] = np.nan
        made._numbers = array("d", columns.tobytes())
        return made

    def add(self, entries: Iterable[Entry]) -> int:
        """Add runs; how many of those that were there before have one with the same key in their place now."""
        self._coded.clear()
        there, twice = len(self.names), set()
        names, settings, known, at = self.names, self.settings, self._labels, self._at
        setting_of, label_of, numbers = self._setting, self._label, self._numbers
        for name, setting, labels, *row, key in entries:
            number = settings.get(setting)
            if number is None:
                number = settings[setting] = len(settings)
            label = known.get(labels)
            if label is None:
                label = known[labels] = len(known)
            values = [_UNKNOWN if value is None else value for value in row]
            if key:
                before = at.setdefault(key, len(names))
                if before < len(names):
                    if before < there:
                        twice.add(before)
                    names[before], setting_of[before], label_of[before] = name, number, label
                    start = before * len(NUMBERS)
                    numbers[start : start + len(NUMBERS)] = array("d", values)
                    continue
            names.append(name)
            setting_of.append(number)
            label_of.append(label)
            numbers.extend(values)
        return len(twice)

    def numbers(self, key: str) -> NDArray[np.float64]:
        """A column of numbers, nan where unknown."""
        return np.array(self._numbers, dtype=np.float64).reshape(-1, len(NUMBERS))[:, NUMBERS.index(key)].copy()

    @property
    def setting_numbers(self) -> NDArray[np.int32]:
        """The number of each run's setting, in the order of `settings`."""
        return np.array(self._setting, dtype=np.int32)

    def label(self, key: str) -> Coded:
        """A column of texts."""
        if key not in self._coded:
            at = LABELS.index(key)
            numbers = np.array(self._label, dtype=np.int32)
            self._coded[key] = Coded(*_coded([labels[at] for labels in self._labels], numbers))
        return self._coded[key]

    def of_settings(self, words: list[str]) -> Coded:
        """A column of what a text a setting is for each run."""
        return Coded(*_coded(words, self.setting_numbers))


def _coded(words: list[str], numbers: NDArray[np.int32]) -> tuple[NDArray[np.int32], list[str]]:
    distinct = {word: n for n, word in enumerate(dict.fromkeys(words))}
    codes = np.array([distinct[word] for word in words], dtype=np.int32)
    return codes[numbers] if len(words) else numbers, list(distinct)
