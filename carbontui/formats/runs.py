"""Every run of a ledger, for data tools: CSV or Parquet, texts as dictionaries, what is unknown empty."""

from __future__ import annotations

import numpy as np

from carbontui.engine.ledger.account import KNOWN_BY, Ledger
from carbontui.engine.ledger.runs import LABELS
from carbontui.errors import FileError
from carbontui.formats.csv_file import cell
from carbontui.formats.files import write
from carbontui.quantities import SUMMED
from carbontui.version import DATA_RELEASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from numpy.typing import NDArray

TEXTS = ("month", *LABELS, "hardware", "region", "tool", KNOWN_BY)
NUMBERS = ("hours_h", "chips", "cores", *SUMMED)
COLUMNS = ("name", "start", *TEXTS, *NUMBERS, "accounting", "data")
_AT_ONCE = 10_000


def write_runs(path: str, ledger: Ledger, *, force: bool = False) -> None:
    """Write every run to a file, whole or not at all. Raises `FileError`, also where it is no .csv or .parquet."""
    if path.endswith(".csv"):
        write(path, _csv(ledger), force=force)
    elif path.endswith(".parquet"):
        try:
            import pyarrow.parquet  # noqa: F401
        except ModuleNotFoundError:
            raise FileError(f"{path}: Parquet needs pyarrow: pip install 'carbontui[parquet]'; CSV does not") from None
        write(path, lambda file: _parquet(ledger, file), force=force)
    else:
        raise FileError(f"{path}: runs can only be written to a .csv or .parquet file")


def _numbers(ledger: Ledger) -> dict[str, NDArray[np.float64]]:
    units = ledger.runs.numbers("units")
    return {
        "hours_h": ledger.runs.numbers("hours"),
        "chips": np.where(ledger.of_chips, units, np.nan),
        "cores": np.where(ledger.of_chips, np.nan, units),
        **{key: ledger.values(key) for key in SUMMED},
    }


def _csv(ledger: Ledger) -> Iterator[str]:
    yield ",".join(COLUMNS) + "\n"
    numbers, start = _numbers(ledger), ledger.start
    texts = {key: ledger.column(key) for key in TEXTS}
    words = {key: [_quoted(word) for word in column.words] for key, column in texts.items()}
    last = f"{ledger.accounting},{DATA_RELEASE}"
    for at in range(0, len(ledger.runs), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        columns = [
            [_quoted(name) for name in ledger.runs.names[part]],
            [_time(value) for value in start[part].tolist()],
            *([words[key][code] for code in texts[key].codes[part].tolist()] for key in TEXTS),
            *(["" if v != v else repr(v) for v in numbers[key][part].tolist()] for key in NUMBERS),
        ]
        yield "".join(f"{','.join(row)},{last}\n" for row in zip(*columns, strict=True))


def _quoted(text: str) -> str:
    text = cell(text)
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"') else text


def _time(seconds: float) -> str:
    return "" if seconds != seconds else str(np.datetime64(int(seconds), "s"))


def _parquet(ledger: Ledger, file: BinaryIO) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    start = ledger.start
    times = np.where(np.isnan(start), np.iinfo(np.int64).min, np.nan_to_num(start)).astype("datetime64[s]")

    def texts(codes: NDArray[np.int32], words: list[str]) -> object:
        unknown = np.array([not word for word in words], dtype=bool)[codes] if words else None
        numbers = pa.array(codes, pa.int32(), mask=unknown)
        return pa.DictionaryArray.from_arrays(numbers, pa.array(words, pa.string()))

    every = np.zeros(len(ledger.runs), dtype=np.int32)
    arrays = {
        "name": pa.array(ledger.runs.names, pa.string()),
        "start": pa.array(times, pa.timestamp("s")),
        **{key: texts(column.codes, column.words) for key in TEXTS if (column := ledger.column(key))},
        **{key: pa.array(values, from_pandas=True) for key, values in _numbers(ledger).items()},
        "accounting": texts(every, [ledger.accounting]),
        "data": texts(every, [DATA_RELEASE]),
    }
    pq.write_table(pa.table(arrays), file)
