"""The CSV of Zeus' monitor: a row a measurement window, energy in J of each GPU, before PUE, without CPU and memory.

Windows may lie within one another, as the steps of an epoch; then only the outermost counts.
"""

from __future__ import annotations

import re

from carbontui.engine.ledger.entry import Entry, Labels, Setting
from carbontui.errors import FileError
from carbontui.importers.reading import Reading, name_of, no_rows, shown, stem
from carbontui.importers.table import Row, Table
from carbontui_registry.text import count_of, is_are

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://ml.energy/zeus"
TOOL = "Zeus"
_J_A_KWH = 3.6e6
# A clock that counts from the start of a machine stays below this; one that counts from 1970 is far above.
_SINCE_1970 = 1e9
# Times are written as floats; windows that begin where another ends do not lie within it.
_SLACK = 1e-6


def read_entries(path: str, reading: Reading) -> Iterator[Entry]:
    """One entry an outermost window. Raises `FileError`."""
    table = Table(path, reading, "a log of Zeus", ("start_time", "window_name", "elapsed_time"))
    gpus = [name for name in table.at if re.fullmatch(r"gpu[0-9]+_energy", name)]
    if not gpus:
        raise FileError(f"{shown(path)}, line 1: has no column gpu0_energy, so it is not a log of Zeus")
    setting = Setting(chips=float(len(gpus)), boundary="accelerator", energy_of="accelerator", tool=TOOL)
    inner = 0
    # A window is written when it ends, so those within it come before it.
    open_rows: list[tuple[float, float, Row]] = []
    for row in table.rows():
        start, seconds = row.number("start_time"), row.number("elapsed_time")
        if start is None or seconds is None:
            raise row.wrong("start_time" if start is None else "elapsed_time", "must be a number of seconds")
        while open_rows and start - _SLACK <= open_rows[-1][0] and open_rows[-1][1] <= start + seconds + _SLACK:
            open_rows.pop()
            inner += 1
        # What ended before this one began can be in no later window that is longer, unless that begins earlier still.
        open_rows.append((start, start + seconds, row))
    if inner:
        some = f"{count_of(inner, 'window')} inside others {is_are(inner)} not counted again"
        reading.warn(path, f"{some}: the energy of the outer window includes the inner one's")
    for start, end, row in open_rows:
        energies = [row.number(column) for column in gpus]
        hours = (end - start) / 3600
        known = [value for value in energies if value is not None]
        yield Entry(
            name_of(f"{stem(path)} {row.text('window_name')} line {row.line}", stem(path)),
            setting,
            Labels(group=stem(path)),
            reading.start(path, start if start > _SINCE_1970 else None, hours, row.line),
            hours or None,
            float(len(gpus)),
            sum(known) / _J_A_KWH if len(known) == len(gpus) else None,
        )
    if not open_rows:
        raise no_rows(path, reading)
