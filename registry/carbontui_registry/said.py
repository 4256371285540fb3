"""What is said of something wrong or unlikely: a sentence that keeps the parts it was made of.

Where it is shown it is a text like any other; who wants one of its parts reads the field and never takes the sentence
apart.
"""

from __future__ import annotations

import os

from carbontui_registry.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST = 2_000
_TEXTS = ("what", "remedy", "key", "given", "expected", "record", "file")
# What remains to be done where a plugin's own code says something that it does not say how to put right.
_IN_THE_PLUGIN = "correct it in the plugin, or tell its authors"


class Said(str):
    """A sentence that reads `record: file, line N: key: what; remedy`, each part as far as it is known.

    `what` is wrong or unlikely, `remedy` what to do about it; `key` is the place in the record (`power.tdp`), `given`
    what was found there and `expected` what would be right. `record` is its kind and id, `file` a path, of which the
    sentence has the name alone, and `line` counts from 1. Without a remedy it is to write what is expected.
    """

    __slots__ = ("expected", "file", "given", "key", "line", "record", "remedy", "what")

    what: str
    remedy: str
    key: str
    given: str
    expected: str
    record: str
    file: str
    line: int | None

    def __new__(
        cls,
        what: str,
        remedy: str = "",
        *,
        key: str = "",
        given: str = "",
        expected: str = "",
        record: str = "",
        file: str = "",
        line: int | None = None,
    ) -> Said:
        what = f"{what}; {remedy}" if remedy else what
        place = clean(os.path.basename(file))
        if line is not None:
            place = f"{place}, line {line}" if place else f"line {line}"
        made = super().__new__(cls, "".join(f"{part}: " for part in (record, place, key) if part) + what)
        made.what, made.key, made.given, made.expected = what, key, given, expected
        made.remedy = remedy or (f"write {expected}" if expected else "")
        made.record, made.file, made.line = record, file, line
        return made

    def of(self, record: str) -> Said:
        """The same, of a record."""
        return self._with(record=record)

    def at(self, file: str, line: int | None = None) -> Said:
        """The same, in a file; its line stays where no other is given."""
        return self._with(file=file, line=self.line if line is None else line)

    def _with(self, **changes: Any) -> Said:
        parts = self.parts()
        what, remedy = parts.pop("what"), parts.pop("remedy", "")
        made = Said(what, **{**parts, **changes})
        made.remedy = remedy
        return made

    def parts(self) -> dict[str, Any]:
        """Its parts as JSON's own types, without those that are not known."""
        parts = {name: getattr(self, name) for name in (*_TEXTS, "line")}
        return {name: value for name, value in parts.items() if value not in ("", None)}


def heard(message: object) -> Said | None:
    """What another process says, in parts or as a mere text; None where it is neither."""
    parts = {"what": message} if isinstance(message, str) else message
    if not isinstance(parts, dict) or not isinstance(parts.get("what"), str):
        return None
    texts = {name: parts[name] for name in _TEXTS if name in parts}
    line = parts.get("line")
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    if line is not None and (isinstance(line, bool) or not isinstance(line, int) or line < 1):
        return None
    cleaned = {name: text if name == "file" else clean(text[:LONGEST]) for name, text in texts.items()}
    what, remedy = cleaned.pop("what"), cleaned.pop("remedy", "")
    said = Said(what, **cleaned, line=line)
    said.remedy = remedy or said.remedy or _IN_THE_PLUGIN
    return said
