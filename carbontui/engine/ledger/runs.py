"""The runs of a ledger, column by column: about 120 bytes a run beside its name."""

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
        self._setting = array("i")
        self._labels = {label: array("i") for label in LABELS}
        self._words: dict[str, dict[str, int]] = {label: {} for label in LABELS}
        self._of_labels: dict[Labels, tuple[int, ...]] = {}
        self._numbers = {key: array("d") for key in NUMBERS}
        self._at: dict[str, int] = {}
        # What `labels` gave, until another run is added.
        self._coded: dict[str, Coded] = {}

    def __len__(self) -> int:
        return len(self.names)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add runs."""
        self._coded.clear()
        names, settings, known, at = self.names, self.settings, self._of_labels, self._at
        setting_of, label_columns = self._setting, tuple(self._labels.values())
        numbers = tuple(self._numbers.values())
        for entry in entries:
            name, setting, labels, start, hours, units, energy, gross, idle, key = entry
            number = settings.get(setting)
            if number is None:
                number = settings[setting] = len(settings)
            codes = known.get(labels)
            if codes is None:
                codes = known[labels] = tuple(
                    self._words[label].setdefault(text, len(self._words[label]))
                    for label, text in zip(LABELS, labels, strict=True)
                )
            row = (start, hours, units, energy, gross, idle)
            if key:
                before = at.setdefault(key, len(names))
                if before < len(names):
                    names[before], setting_of[before] = name, number
                    for column, code in zip(label_columns, codes, strict=True):
                        column[before] = code
                    for values, value in zip(numbers, row, strict=True):
                        values[before] = _UNKNOWN if value is None else value
                    continue
            names.append(name)
            setting_of.append(number)
            for column, code in zip(label_columns, codes, strict=True):
                column.append(code)
            for values, value in zip(numbers, row, strict=True):
                values.append(_UNKNOWN if value is None else value)

    def numbers(self, key: str) -> NDArray[np.float64]:
        """A column of numbers, nan where unknown."""
        return np.array(self._numbers[key], dtype=np.float64)

    @property
    def setting_numbers(self) -> NDArray[np.int32]:
        """The number of each run's setting, in the order of `settings`."""
        return np.array(self._setting, dtype=np.int32)

    def label(self, key: str) -> Coded:
        """A column of texts."""
        if key not in self._coded:
            self._coded[key] = Coded(np.array(self._labels[key], dtype=np.int32), list(self._words[key]))
        return self._coded[key]

    def of_settings(self, words: list[str]) -> Coded:
        """A column of what a text a setting is for each run."""
        return Coded(*_coded(words, self.setting_numbers))


def _coded(words: list[str], numbers: NDArray[np.int32]) -> tuple[NDArray[np.int32], list[str]]:
    distinct = {word: n for n, word in enumerate(dict.fromkeys(words))}
    codes = np.array([distinct[word] for word in words], dtype=np.int32)
    return codes[numbers] if len(words) else numbers, list(distinct)
