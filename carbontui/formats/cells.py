"""Every cell of a sweep, streamed to CSV or Parquet some machines at a time: memory does not grow with their number."""

from __future__ import annotations

import numpy as np

from carbontui.engine.sweep import CODES, Sweep
from carbontui.engine.sweep.basis import assumed
from carbontui.errors import FileError
from carbontui.formats.csv_file import cell
from carbontui.formats.files import write
from carbontui.version import DATA_RELEASE
from carbontui_registry.values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from numpy.typing import NDArray

TEXTS = ("model", "hardware", "region", "period", "mark", "basis", "accounting", "data")
COLUMNS = (
    *("model", "hardware", "chips", "region", "period"),
    *("duration_h", "energy_kwh", "gross_kgco2e", "net_kgco2e", "mark"),
    *("basis", "accounting", "data"),
)


class Rows(NamedTuple):
    """Some cells, machine by machine: numbers (nan where unknown), and texts as numbers of `words`."""

    numbers: dict[str, NDArray[np.float64]]
    texts: dict[str, NDArray[np.intp]]


def write_cells(path: str, sweep: Sweep, *, force: bool = False) -> None:
    """Write every cell to a file, whole or not at all. Raises `FileError`, also where it is no .csv or .parquet."""
    if path.endswith(".csv"):
        write(path, csv_lines(sweep), force=force)
    elif path.endswith(".parquet"):
        try:
            import pyarrow.parquet  # noqa: F401
        except ModuleNotFoundError:
            raise FileError(f"{path}: Parquet needs pyarrow: pip install 'carbontui[parquet]'; CSV does not") from None
        write(path, lambda file: write_parquet(sweep, file), force=force)
    else:
        raise FileError(f"{path}: combinations can only be written to a .csv or .parquet file")


def words(sweep: Sweep) -> dict[str, list[str]]:
    """What the numbers of the columns of texts stand for."""
    return {
        "model": [base.kept.model or "" for base in sweep.bases],
        "hardware": list(dict.fromkeys(machine.hardware.id for machine in sweep.machines)),
        "region": list(dict.fromkeys(place.region.id for place in sweep.places)),
        "period": list(dict.fromkeys(place.period or "" for place in sweep.places)),
        "mark": list(CODES),
        # Of gross CO2e; nothing where it is not known.
        "basis": ["", "derived", "assumed"],
        "accounting": [sweep.question.accounting],
        "data": [DATA_RELEASE],
    }


def rows(sweep: Sweep) -> Iterator[Rows]:
    """Every cell, some machines at a time."""
    known = words(sweep)
    hardware = np.array([known["hardware"].index(machine.hardware.id) for machine in sweep.machines])
    bases = np.array([machine.base for machine in sweep.machines])
    chips = np.array([n if (n := sweep.chips(m)) is not None else np.nan for m in range(len(sweep.machines))])
    region = np.array([known["region"].index(place.region.id) for place in sweep.places])
    period = np.array([known["period"].index(place.period or "") for place in sweep.places])
    places = len(sweep.places)
    for block in sweep.blocks():
        count = len(block.energy)
        texts = {
            "model": np.repeat(bases[block.machines], places),
            "hardware": np.repeat(hardware[block.machines], places),
            "region": np.tile(region, count),
            "period": np.tile(period, count),
            "mark": sweep.values(block.machines)[1].ravel().astype(np.intp),
            "basis": np.where(np.isnan(block.gross), 0, 1 + assumed(sweep, block.machines)).ravel(),
            **dict.fromkeys(("accounting", "data"), np.zeros(count * places, dtype=np.intp)),
        }
        numbers = {
            "chips": np.repeat(chips[block.machines], places),
            "duration_h": block.duration.ravel(),
            "energy_kwh": block.energy.ravel(),
            "gross_kgco2e": block.gross.ravel(),
            "net_kgco2e": block.net.ravel(),
        }
        yield Rows(numbers, texts)


def csv_lines(sweep: Sweep) -> Iterator[str]:
    """The lines of the CSV, many in one text; ids hold nothing that would need quotes."""
    known = {key: [cell(word) for word in texts] for key, texts in words(sweep).items()}
    yield ",".join(COLUMNS) + "\n"
    for some in rows(sweep):
        columns = [
            [known[key][n] for n in some.texts[key].tolist()]
            if key in TEXTS
            else ["" if value != value else repr(value) for value in some.numbers[key].tolist()]
            for key in COLUMNS
        ]
        yield "\n".join(map(",".join, zip(*columns, strict=True))) + "\n"


def write_parquet(sweep: Sweep, file: BinaryIO) -> None:
    """The cells as Parquet; texts are dictionaries, what is unknown is null."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = {key: pa.array(texts) for key, texts in words(sweep).items()}
    kinds = {key: pa.dictionary(pa.int32(), pa.string()) if key in TEXTS else pa.float64() for key in COLUMNS}
    schema = pa.schema(list(kinds.items()))
    with pq.ParquetWriter(file, schema) as writer:
        for some in rows(sweep):
            arrays = [
                pa.DictionaryArray.from_arrays(pa.array(some.texts[key], pa.int32()), known[key])
                if key in TEXTS
                else pa.array(some.numbers[key], from_pandas=True)
                for key in COLUMNS
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
