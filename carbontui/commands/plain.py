"""The plainest command lines, read without argparse, whose import takes an eighth of a start.

What is not plain, or wrong, or asks for help is left to argparse: only what both read alike is read here.
"""

from __future__ import annotations

from types import SimpleNamespace

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Any


class _NotPlain(Exception):
    """A command line or an option that argparse is for."""


class _Declared:
    """What a command adds to a parser, as far as it is plain."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        # Of each flag: where its value goes, its choices, and whether it takes a value once, often or not at all.
        self.flags: dict[str, tuple[str, Collection[str] | None, str]] = {}
        self.positional: tuple[str, Collection[str] | None, str | None] | None = None

    def add_argument(
        self,
        name: str,
        *,
        action: str = "store",
        nargs: str | None = None,
        default: Any = None,
        choices: Collection[str] | None = None,
        dest: str = "",
        required: bool = False,
        type: Callable[[str], Any] | None = None,
        metavar: str = "",  # noqa: ARG002
        help: str = "",  # noqa: ARG002
    ) -> None:
        """As argparse's."""
        if not name.startswith("-"):
            if self.positional is not None or type is not None or default is not None:
                raise _NotPlain
            self.positional = name, choices, nargs
            return
        dest = dest or name.lstrip("-").replace("-", "_")
        # Flags of other kinds keep their default, and are not plain where they are given.
        plain = action in ("store_true", "append", "store") and nargs is None and type is None
        if required:
            raise _NotPlain
        self.values[dest] = False if action == "store_true" else default
        self.flags[name] = dest, choices, action if plain else ""

    def add_mutually_exclusive_group(self, *, required: bool = False) -> _Declared:  # noqa: ARG002
        """Which exclude one another is for argparse to say."""
        raise _NotPlain

    def read(self, words: Sequence[str]) -> SimpleNamespace:
        """The options. Raises `_NotPlain`."""
        values, rest, words = dict(self.values), [], list(reversed(words))
        while words:
            word = words.pop()
            if not word.startswith("-"):
                rest.append(word)
                continue
            dest, choices, action = self.flags.get(word, ("", None, ""))
            if action == "store_true":
                values[dest] = True
                continue
            if not action or not words or words[-1].startswith("-") or (choices and words[-1] not in choices):
                raise _NotPlain
            values[dest] = [*values[dest], words.pop()] if action == "append" else words.pop()
        if self.positional is None:
            if rest:
                raise _NotPlain
            return SimpleNamespace(**values)
        name, choices, nargs = self.positional
        if nargs == "*" and not choices:
            values[name] = rest
        elif nargs is None and len(rest) == 1 and (choices is None or rest[0] in choices):
            values[name] = rest[0]
        else:
            raise _NotPlain
        return SimpleNamespace(**values)


def read(module: Any, words: Sequence[str]) -> Any:
    """The options of a command, by name as argparse gives them, or None where argparse is to read them."""
    declared: Any = _Declared()
    try:
        frame.add_general(declared, module.FORMATS)
        module.add_arguments(declared)
        return declared.read(words)
    except _NotPlain:
        return None
