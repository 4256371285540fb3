"""Which command is meant, and the exit status. What a command does is in the module of its name."""

from __future__ import annotations

import os
import sys

from carbontui.commands import COMMANDS, console, frame, module_of, plain
from carbontui_registry.durable import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0: done; 1: what was asked does not hold; 2: wrong use or bad input; 70: an internal error; 74: nothing could be
    written; 130: Ctrl+C.
    """
    argv = console.arguments() if arguments is None else list(arguments)
    console.prepare()
    try:
        try:
            return _command(argv)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return frame.INTERRUPTED
    except BrokenPipeError:
        console.give_up()
        return frame.OK
    except Exception as error:
        if "--debug" in argv:
            raise
        return _failed(error)


def _failed(error: Exception) -> int:
    """Say what went wrong, and the exit status of it."""
    from carbontui.errors import AlreadyExists, CannotWrite
    from carbontui_registry.errors import CarbontuiError

    if isinstance(error, CarbontuiError):
        way = " (use --force to overwrite)" if isinstance(error, AlreadyExists) else ""
        frame.say(f"carbontui: {error}{way}")
        return frame.CANNOT_WRITE if isinstance(error, CannotWrite) else frame.WRONG_USE
    if isinstance(error, OSError) and error.errno in console.FAILING:
        console.give_up()
        frame.say(f"carbontui: cannot write: {error.strerror}")
        return frame.CANNOT_WRITE
    unmapped = isinstance(error, ImportError) and "failed to map segment" in str(error)
    if unmapped or isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in console.SHORT):
        lacking = "open files (see: ulimit -n)" if getattr(error, "errno", None) in console.FILES else "memory"
        frame.say(f"carbontui: the system is out of {lacking}; close other programs, or raise the limit")
        return frame.INTERNAL
    frame.say(f"carbontui: internal error: {type(error).__name__}: {error}")
    frame.say("carbontui: run again with --debug for a traceback, and please report it")
    return frame.INTERNAL


def _command(argv: list[str]) -> int:
    word, rest = _command_and_rest(argv)
    if word not in COMMANDS:
        from carbontui.commands import parsers

        parsers.overview().parse_args([*([word] if word else []), *rest])
        return frame.OK
    module = module_of(word)
    options: Namespace | None = plain.read(module, rest)
    if options is None:
        from carbontui.commands import parsers

        options = parsers.of_command(word)[1].parse_intermixed_args(rest)
    frame.settle_format(options, module.FORMATS)
    if getattr(options, "format", None) not in (None, "table"):
        console.prepare_for_data()
    status: int = module.run(options)
    return status


def _command_and_rest(argv: list[str]) -> tuple[str, list[str]]:
    """The command, "" where there is none, and its arguments; general options may stand before it.

    `carbontui` and `carbontui FILE` mean `carbontui open`.
    """
    takes_value = {option.flag for option in frame.GENERAL if option.metavar}
    known = {*(option.flag for option in frame.GENERAL), "-h", "--help", "--version", "-V"}
    at = 0
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        if not argv[at].startswith("-o") and argv[at].partition("=")[0] not in known:
            return "open", argv
        at += 2 if argv[at] in takes_value else 1
    before = argv[: min(at, len(argv))]
    if {"-h", "--help", "--version", "-V"} & set(before):
        return "", argv
    if at >= len(argv):
        return "open", argv
    word = argv[at]
    if word not in COMMANDS and (word.endswith((".toml", ".json")) or os.path.exists(native(word))):
        return "open", argv
    return word, [*before, *argv[at + 1 :]]
