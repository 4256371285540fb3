"""Writing a comparison to files: the one way of the command line, the app and Python."""

from __future__ import annotations

import os

from carbontui.errors import AlreadyExists
from carbontui.formats import files_of
from carbontui.formats.files import write
from carbontui_registry.durable import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from carbontui.engine.comparison import Comparison
    from carbontui_registry.catalogue import Catalogue


def export(
    format: str,
    path: str,
    comparison: Comparison,
    catalogue: Catalogue,
    *,
    force: bool = False,
    **options: Any,
) -> list[str]:
    """Write a comparison to the files of a format, and give their paths; `options` are those of `write_format`.

    Raises `AlreadyExists` before anything is written, `FileError` where a file cannot be.
    """
    return write_all(files_of(format, path, comparison, catalogue, **options), force=force)


def write_all(texts: Mapping[str, str], *, force: bool = False) -> list[str]:
    """Write each text to its file; none is written where one would overwrite a file unasked."""
    for path in texts:
        if os.path.lexists(native(path)) and not force:
            raise AlreadyExists(path)
    for path, text in texts.items():
        write(path, text, force=force)
    return list(texts)
