"""Whether the system would give what is needed, asked before libraries in C find out: these end the program where it
stands, with a status and words of their own, and a terminal that is left as the app has set it."""

from __future__ import annotations

import os

# NumPy with its threads, in MiB; the app with it; and the files that the app opens at once.
NUMPY, APP, APP_FILES = 160, 320, 8


def ensure(mebibytes: int, files: int = 0) -> None:
    """Raises `MemoryError`, or `OSError` where it is files that the system does not give."""
    import mmap

    try:
        mmap.mmap(-1, mebibytes << 20).close()
    except OSError as error:
        raise MemoryError from error
    taken: list[int] = []
    try:
        taken += (os.open(os.devnull, os.O_RDONLY) for _ in range(files))
    finally:
        for number in taken:
            os.close(number)
