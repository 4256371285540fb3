"""Eco2AI's `emission.csv`: a row a run, or an epoch of one; energy in kWh with the PUE that it was told in it."""

from __future__ import annotations

import re

from carbontui.engine.ledger.entry import FACILITY, Entry, Labels, Setting
from carbontui.importers.reading import Reading, name_of, no_rows, whole_of
from carbontui.importers.table import Row, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://github.com/sb-ai-lab/Eco2AI"
TOOL = "Eco2AI"
_ENERGY = ("power_consumption(kWh)", "power_consumption(kWTh)")
_EMISSIONS = "CO2_emissions(kg)"


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry a row. Raises `FileError`."""
    table = Table(path, reading, "an emission.csv of Eco2AI", ("project_name", "duration(s)", _EMISSIONS))
    energy_column = next((name for name in _ENERGY if name in table.at), _ENERGY[0])
    unknown, none = ("N/A", "nan", ""), True
    for row in table.rows():
        none = False
        gpus = re.fullmatch(r"(.*?)\s+([0-9]+) device\(s\)", row.text("GPU_name"))
        count = _count(row, gpus[2]) if gpus else 0
        named = reading.names.hardware(gpus[1]) if gpus and count else None
        if gpus and count and named is None:
            reading.warn(path, f"hardware unknown to the registry: {gpus[1][:60]}", row.line)
        chips = count * named.each if named else float(count)
        code, _, part = row.text("region/country").strip("()").partition("/")
        region = reading.names.region(code=code, country=code, part=part) if code else None
        seconds = row.number("duration(s)", unknown=unknown)
        project = name_of(row.text("project_name"), "")
        epoch = row.text("epoch").partition(",")[0]
        setting = Setting(
            named.id if named else "",
            region or "",
            chips or None,
            boundary="node",
            energy_of=FACILITY,
            energy_basis="measured",
            tool=TOOL,
            tool_pue=1.0,
        )
        run, start = row.text("id"), row.text("start_time")
        hours = seconds / 3600 if seconds else None
        yield Entry(
            name_of(f"{project} {run[:8]} {epoch if epoch != 'N/A' else ''}", f"line {row.line}"),
            setting,
            Labels(group=project),
            reading.start(path, reading.time(path, start, row.line), hours, row.line),
            hours,
            chips or None,
            row.number(energy_column, unknown=unknown),
            row.number(_EMISSIONS, unknown=unknown),
            key=f"{run} {epoch} {start}" if run else "",
        )
    if none:
        raise no_rows(path, reading)


def _count(row: Row, text: str) -> int:
    try:
        return whole_of(text)
    except ValueError as error:
        raise row.wrong("GPU_name", str(error)) from None
