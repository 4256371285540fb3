"""What the loading process and the parent agree on, and what the parent makes of what a plugin says."""

from __future__ import annotations

from carbontui_registry.errors import InvalidRecord
from carbontui_registry.plugin import Plugin
from carbontui_registry.records import RECORDS, Record
from carbontui_registry.report import SHORTER, LimitPassed
from carbontui_registry.said import LONGEST, Said, heard
from carbontui_registry.serialise import check
from carbontui_registry.text import LONGEST_TEXT, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What stands before a line that the plugin being called says; all else the loading process says itself.
SAID = b">"
MOST_RECORDS = 20_000
# A plugin that only waits has this many times its processor time by the clock, and one that is kept from working is
# given this many windows of that length.
WAITING = 6
WINDOWS = 4
STRANGE = "it wrote to the pipe in which carbontui reports what was loaded"


class Building:
    """The plugin being called: `message` is what the loading process said of it, all else what it says itself."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.message = message
        self.name = clean(str(message["name"]))
        self.files = set(map(str, message["files"]))
        self.records: list[Record] = []
        self.places: dict[str, tuple[str, int]] = {}
        self.problems: list[Said] = []
        self.warnings: list[Said] = []
        # Its time when it is done, and why it cannot be listened to, if so.
        self.seconds: float | None = None
        self.strange = ""
        # The number of the system's error where it lacked something; what was loaded is not kept then.
        self.short = 0
        self._off, self._first_party = bool(message["off"]), bool(message["first_party"])
        self._version, self._distribution = str(message["version"]), str(message["distribution"])

    def plugin(self, *, lost: Said | None = None) -> Plugin:
        return Plugin(
            self.name,
            clean(self._version)[:LONGEST_TEXT],
            clean(self._distribution),
            self._first_party,
            self._off,
            self.seconds or 0.0,
            (lost,) if lost else tuple(self.problems),
            tuple(self.warnings),
        )

    def hear(self, message: dict[str, Any]) -> None:
        """Take what the plugin says: `record`, `problem`, `warning` and at the end `done`; records are checked again.

        Whatever else it writes, or writes after it is done, is `strange`: it is ignored then.
        """
        what = message.get("is")
        if self.seconds is not None or self.strange:
            self.strange = self.strange or STRANGE
        elif what == "record" and message.get("kind") in tuple(RECORDS):
            self._hear_record(message)
        elif what in ("problem", "warning") and (said := heard(message.get("said"))) is not None:
            (self.problems if what == "problem" else self.warnings).append(said)
            if isinstance(short := message.get("short"), int) and not isinstance(short, bool):
                self.short = self.short or short
        elif what == "done" and _is_number(message.get("seconds")) and _texts(message.get("files")) is not None:
            self.seconds = float(message["seconds"])
            self.files |= set(message["files"])
        else:
            self.strange = STRANGE

    def _hear_record(self, message: dict[str, Any]) -> None:
        problems, warnings = _heard(message.get("problems", [])), _heard(message.get("warnings", []))
        data = message.get("data")
        if problems is None or warnings is None or not (data is None or isinstance(data, dict)):
            self.strange = STRANGE
            return
        self.problems += problems
        self.warnings += warnings
        if data is None:
            return
        if len(self.records) >= MOST_RECORDS:
            self.strange = f"it gave more than {MOST_RECORDS:,} records"
            return
        try:
            record = check(message["kind"], data)
        except InvalidRecord as error:
            self.problems += [one.of(error.subject) for one in error.problems]
        except LimitPassed as error:
            self.problems.append(Said(clean(str(error)[:LONGEST]), SHORTER))
        except Exception:  # noqa: BLE001 - whatever a message that no plugin of ours sends leads to
            self.strange = STRANGE
        else:
            self.records.append(record)
            if (place := _place(message.get("place"))) is not None:
                self.places[record.subject] = place


def _place(given: Any) -> tuple[str, int] | None:
    """A path and a line; None where it is something else."""
    if not isinstance(given, list) or len(given) != 2:
        return None
    file, line = given
    good = isinstance(file, str) and isinstance(line, int) and not isinstance(line, bool) and line > 0
    return (file, line) if good else None


def _heard(given: Any) -> list[Said] | None:
    """A list of what is said; None where it is something else."""
    if not isinstance(given, list):
        return None
    every = [heard(one) for one in given]
    return None if None in every else [one for one in every if one is not None]


def _texts(given: Any) -> list[str] | None:
    """A list of texts; None where it is something else."""
    return given if isinstance(given, list) and all(isinstance(one, str) for one in given) else None


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < 1e9
