"""What other tools write, read as scenarios or as the runs of a ledger: this table, and one module a tool.

A module has `read(path, reading)`, which gives scenarios whose figures are carried with the basis that the tool claims,
or `read_entries(path, reading)`, which gives one entry a run, or both; each goes through a file once, in bounded
memory. What a file does not say stays unknown.
"""

from __future__ import annotations

import re

from carbontui.errors import EmptyFile, FileError, UnknownKind
from carbontui.files import is_pipe, refuse_pipe
from carbontui_registry.durable import native
from carbontui_registry.text import clean, did_you_mean, listed
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from carbontui.engine.ledger.entry import Entry
    from carbontui.engine.scenario import Scenario
    from carbontui.importers.reading import Reading


class Importer(NamedTuple):
    """A kind of file: the module in this folder that reads it, what it is, the columns by which it is told, and a
    command that writes one, in lines that fit a narrow terminal."""

    module: str
    what: str
    columns: frozenset[str] = frozenset()
    command: str = ""


IMPORTERS = {
    "codecarbon": Importer("codecarbon", "CodeCarbon's emissions.csv", frozenset({"energy_consumed"})),
    "boamps": Importer("boamps", "a BoAmps report in JSON"),
    "nvidia-smi": Importer("nvidia_smi", "a log of nvidia-smi --query-gpu=timestamp,power.draw --format=csv"),
    "llmcarbon": Importer("llmcarbon", "LLMCarbon's database.csv", frozenset({"computing device", "device #"})),
    "green-algorithms": Importer(
        "green_algorithms",
        "the CSV that the Green Algorithms calculator exports",
        frozenset({"runTime_hour", "carbonIntensity"}),
    ),
    "mlco2": Importer(
        "mlco2",
        "a CSV of hardware and hours, as the ML CO2 Impact form asks for",
        frozenset({"hardware", "hours"}),
    ),
    "slurm": Importer(
        "slurm",
        "what sacct -P prints of a cluster's jobs",
        frozenset({"JobID"}),
        "FORMAT=JobID,JobName,User,Account,Partition,State,Start,End\n"
        "FORMAT=$FORMAT,ElapsedRaw,AllocTRES,ConsumedEnergyRaw\n"
        "sacct -P -a -S 2026-01-01 --format=$FORMAT > jobs.txt",
    ),
    "eco2ai": Importer("eco2ai", "Eco2AI's emission.csv", frozenset({"CO2_emissions(kg)"})),
    "carbontracker": Importer("carbontracker", "a log of carbontracker"),
    "dcgm": Importer("dcgm", "what dcgmi dmon prints of power and energy, or scrapes of dcgm-exporter"),
    "zeus": Importer("zeus", "a log of Zeus' monitor", frozenset({"window_name", "elapsed_time"})),
}
# How much of a file is looked at to tell what wrote it.
_LOOKED_AT = 2**16


def kind_of(path: str) -> str | None:
    """The kind of file that this can only be, by its first lines, or None. Raises `FileError`."""
    return _kind_of_text(_beginning(path))


def _beginning(path: str) -> str:
    """The text that a file begins with, without space before it."""
    from carbontui.importers.reading import shown

    refuse_pipe(path)
    try:
        with open(native(path), "rb") as file:
            raw = file.read(_LOOKED_AT)
    except (OSError, ValueError) as error:
        raise FileError(f"{shown(path)}: {getattr(error, 'strerror', None) or clean(str(error))}") from None
    return raw.decode("utf-8-sig", "ignore").lstrip()


def _kind_of_text(text: str) -> str | None:
    if text.startswith("{"):
        return "boamps" if re.search(r'"(measures|powerConsumption|measurementMethod)"\s*:', text) else None
    first = next((line for line in text.splitlines() if line.strip()), "")
    names = {re.sub(r"\s*\[.*\]$", "", cell.strip().strip('"')) for cell in re.split("[,;|]", first)}
    for kind, importer in IMPORTERS.items():
        if importer.columns and importer.columns <= names:
            return kind
    if re.search(r"The following components were found:|Actual consumption( for [0-9]+ epoch\(s\))?:", text):
        return "carbontracker"
    if re.match(r"(?:\S+\s+)?#\s*Entity\s", first) or re.search(r"^\s*DCGM_FI_DEV_\w+\{", text, re.MULTILINE):
        return "dcgm"
    power = any(name.startswith("power.draw") for name in names)
    is_log = (names & {"timestamp", "index", "uuid"} and power) or re.match(
        r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:.]+\s*,", first
    )
    return "nvidia-smi" if is_log else None


def kind_to_read(path: str) -> str:
    """The kind of file that this is. Raises `UnknownKind` where its first lines do not say, `EmptyFile` without any."""
    from carbontui.importers.reading import shown

    once = "standard input" if path == "-" else "a pipe" if is_pipe(path) else ""
    text = "" if once else _beginning(path)
    if not (once or text):
        raise EmptyFile(f"{shown(path)}: is empty")
    kind = _kind_of_text(text)
    if kind is None:
        why = f"{once} can only be read once" if once else "its first lines match no known format"
        raise UnknownKind(f"{shown(path)}: its KIND must be given, because {why}; kinds are {listed(IMPORTERS)}")
    return kind


def _module(kind: str) -> Any:
    if kind not in IMPORTERS:
        hint = did_you_mean(kind, IMPORTERS)
        raise FileError(f"{clean(kind)!r} is not a known kind of file{hint}; kinds are {listed(IMPORTERS)}")
    from importlib import import_module

    return import_module(f"carbontui.importers.{IMPORTERS[kind].module}")


def read(kind: str, path: str, reading: Reading) -> tuple[Scenario, ...]:
    """The scenarios in one file of a tool. Raises `FileError`."""
    module = _module(kind)
    if hasattr(module, "read"):
        scenarios: tuple[Scenario, ...] = module.read(path, reading)
        return scenarios
    from carbontui.importers.entries import scenarios_of

    return scenarios_of(module.read_entries(path, reading), path, reading, module.URL)


def read_entries(kind: str, path: str, reading: Reading) -> Iterable[Entry]:
    """The runs in one file of a tool. Raises `FileError`, also while they are gone through."""
    module = _module(kind)
    if hasattr(module, "read_entries"):
        entries: Iterable[Entry] = module.read_entries(path, reading)
        return entries
    from carbontui.importers.entries import entry_of

    return (entry_of(scenario, kind) for scenario in module.read(path, reading))


def read_files(kind: str | None, paths: Iterable[str], reading: Reading) -> tuple[Scenario, ...]:
    """The scenarios in several files of a tool, in their order; each of its own where `kind` is None. One that is empty
    is left out with a warning where others are not.

    Raises `FileError`.
    """
    from carbontui.importers.reading import MOST_SCENARIOS, shown

    scenarios: list[Scenario] = []
    empty: list[EmptyFile] = []
    for path in paths:
        try:
            scenarios += read(kind or kind_to_read(path), path, reading)
        except EmptyFile as error:
            empty.append(error)
        if len(scenarios) > MOST_SCENARIOS:
            raise FileError(f"{shown(path)}: that makes more than {MOST_SCENARIOS:,} scenarios; import fewer at once")
    if empty and not scenarios:
        raise none_of(empty)
    reading.empty += empty
    return tuple(scenarios)


def none_of(empty: Sequence[EmptyFile]) -> EmptyFile:
    """The error of files of which none has anything in it."""
    return empty[0] if len(empty) == 1 else EmptyFile(f"none of {len(empty):,} files has a run in it; {empty[0]}")
