"""BoAmps reports (Boavizta) in JSON: `powerConsumption` is an energy in kWh despite its name, durations are in s."""

from __future__ import annotations

from carbontui.engine.ledger.entry import Entry, Labels
from carbontui.engine.scenario import Scenario
from carbontui.errors import FileError
from carbontui.files import line_of, parse, read_text, said
from carbontui.importers.entries import entry_of
from carbontui.importers.reading import (
    LARGEST_NUMBER,
    MOST_SCENARIOS,
    Reading,
    figures,
    name_of,
    note_of,
    shown,
    source_of,
    stem,
    year_of,
)
from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

URL = "https://github.com/Boavizta/BoAmps"


class _Document:
    """A report with its file's name and text, for messages."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.text = read_text(path)
        if self.text.lstrip()[:1] != "{":
            raise FileError(f"{shown(path)}, line 1: is not a BoAmps report: expected JSON that begins with a brace")
        self.top = parse(path, self.text)

    def wrong(self, where: str, what: str) -> FileError:
        """The error that names the key, and its line where it can be found."""
        line = line_of(self.text, where)
        return FileError(f"{shown(self.path)}{f', line {line}' if line else ''}: {where}: {what}")

    def table(self, of: dict[str, Any], key: str, at: str) -> dict[str, Any]:
        """The table of this key, empty where there is none."""
        value = of.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(at + key, f"{said(value)} must be a table in braces")
        return value

    def tables(self, of: dict[str, Any], key: str, at: str) -> list[dict[str, Any]]:
        """The list of tables of this key, empty where there is none."""
        value = of.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(at + key, f"{said(value)} must be a list of tables")
        return value

    def text_of(self, of: dict[str, Any], key: str, at: str) -> str:
        """The text of this key, "" where there is none."""
        value = of.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(at + key, f"{said(value)} must be text in quotes")
        return clean(value[:200])

    def number(self, of: dict[str, Any], key: str, at: str) -> float | None:
        """The number of this key, None where there is none."""
        value = of.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LARGEST_NUMBER:
            raise self.wrong(at + key, f"{said(value)} must be a number from 0 to {LARGEST_NUMBER:g}")
        return float(value)


def read(path: str, reading: Reading) -> tuple[Scenario, ...]:
    """One scenario a measure of the report. Raises `FileError`."""
    return _scenarios(_Document(path), path, reading)


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry a measure of the report, of the project that the report names. Raises `FileError`."""
    document = _Document(path)
    scenarios = _scenarios(document, path, reading)
    header = document.table(document.top, "header", "")
    report = document.text_of(header, "reportId", "header.")
    publisher = document.table(header, "publisher", "header.")
    project = document.text_of(publisher, "projectName", "header.publisher.")
    written = document.text_of(header, "reportDatetime", "header.")
    for number, (scenario, measure) in enumerate(zip(scenarios, document.top["measures"], strict=True), 1):
        when = document.text_of(measure, "measurementDateTime", f"measures[{number}].") or written
        entry = entry_of(scenario, "BoAmps")
        yield entry._replace(
            labels=Labels(group=project or scenario.name),
            start=reading.start(path, reading.time(path, when), entry.hours),
            key=f"{report} {number}" if report else "",
        )


def _scenarios(document: _Document, path: str, reading: Reading) -> tuple[Scenario, ...]:
    top = document.top
    measures = document.tables(top, "measures", "")
    if not measures:
        raise document.wrong("measures", "is missing or empty, so nothing was measured")
    if len(measures) > MOST_SCENARIOS:
        raise document.wrong("measures", f"has more than {MOST_SCENARIOS:,}")
    notes: list[str] = []
    chips, hardware = _gpus(document, reading, notes)
    environment = document.table(top, "environment", "")
    country = document.text_of(environment, "country", "environment.")
    gross = document.number(environment, "powerSourceCarbonIntensity", "environment.")
    region = reading.names.country(country) if country else None
    if region is None:
        notes.append(f"region unknown to the registry: {country}" if country else "region not named")
    made = []
    for number, measure in enumerate(measures, 1):
        at = f"measures[{number}]."
        method = document.text_of(measure, "measurementMethod", at) or "unnamed tool"
        version = document.text_of(measure, "version", at)
        when = document.text_of(measure, "measurementDateTime", at)
        tool = f"{method} {version}".strip()
        source = source_of("BoAmps report", f"measured with {tool}", year_of(when[:4]), URL)
        energy = document.number(measure, "powerConsumption", at)
        seconds = document.number(measure, "measurementDuration", at)
        own = [*notes, "energy unknown: the measure has no powerConsumption" if energy is None else ""]
        carried = figures(
            source,
            chips=(chips, "published"),
            duration=(seconds / 3600 if seconds else None, "measured"),
            energy=(energy, "measured"),
            gross=(gross, "published"),
        )
        name = stem(path) if len(measures) == 1 else name_of(f"{stem(path)} {method}", stem(path))
        made.append(Scenario(name=name, hardware=hardware, region=region, carried=carried, note=note_of(own)))
    return tuple(made)


def _gpus(document: _Document, reading: Reading, notes: list[str]) -> tuple[int | None, str | None]:
    """How many accelerators the report names, and the id of their hardware where they are of one kind."""
    infrastructure = document.table(document.top, "infrastructure", "")
    total, names, counted = 0.0, set(), True
    for number, component in enumerate(document.tables(infrastructure, "components", "infrastructure."), 1):
        at = f"infrastructure.components[{number}]."
        if document.text_of(component, "componentType", at).lower() not in ("gpu", "tpu"):
            continue
        count = document.number(component, "nbComponent", at)
        if count is not None and count != int(count):
            raise document.wrong(f"{at}nbComponent", f"{count:g} must be a whole number")
        counted = counted and count is not None
        total += count or 0
        named = document.text_of(component, "componentName", at)
        names |= {model for _, model in reading.names.models(named)} or {""}
    if not names:
        return None, None
    name = next(iter(names)) if len(names) == 1 else ""
    found = reading.names.hardware(name) if name else None
    hardware = found.id if found else None
    if hardware is None:
        notes.append(f"hardware unknown to the registry: {', '.join(sorted(n for n in names if n)) or 'not named'}")
    return (int(total) if counted and total else None), hardware
