"""Errors of the app and its files; those of the registry stand in `carbontui_registry.errors`."""

from __future__ import annotations

from carbontui_registry.errors import CarbontuiError


class WrongUse(CarbontuiError):
    """Something a person asked for cannot be done; the text says why and what would be right."""


class FileError(CarbontuiError):
    """A file cannot be read or written; `where` names it and the place in it."""


class EmptyFile(FileError):
    """A file has nothing in it: no bytes, or a header alone; among several it is left out."""


class UnknownKind(FileError):
    """The first lines of a file do not say which tool wrote it: somebody has to."""


class CannotWrite(FileError):
    """A file cannot be written although what was asked for is right: a full device, no permission."""


class AlreadyExists(FileError):
    """A file is not overwritten unless that was asked for; `path` is the file."""

    def __init__(self, path: str) -> None:
        from carbontui_registry.text import visible

        self.path = path
        super().__init__("already exists", where=visible(path))
