"""The parsers of the command line, made from the table of commands, and hints for what is mistyped."""

from __future__ import annotations

import sys

from carbontui.commands import COMMANDS, frame, module_of
from carbontui.version import LINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Action, ArgumentParser, HelpFormatter
    from collections.abc import Iterable
    from typing import Any


KIND = "[KIND] "


def _parser_class() -> type[ArgumentParser]:
    from argparse import ArgumentParser

    class Parser(ArgumentParser):
        def _print_message(self, message: str, file: Any = None) -> None:
            # argparse keeps it to itself where nothing can be written.
            (file or sys.stderr).write(message)

        def error(self, message: str) -> Any:
            said = _plain(message, {*self._option_string_actions, "--version"})
            frame.say(f"carbontui: {said}\ncarbontui: try {self.prog} --help")
            sys.exit(frame.WRONG_USE)

    return Parser


def _formatter_class() -> type[HelpFormatter]:
    """Keeps the lines of a description, and names such as `green-algorithms` in one piece."""
    from argparse import RawDescriptionHelpFormatter

    class Formatter(RawDescriptionHelpFormatter):
        def __init__(self, prog: str) -> None:
            # argparse makes one for every argument, not only for help.
            super().__init__(prog, width=(frame.screen_width() or 80) - 2)

        def _split_lines(self, text: str, width: int) -> list[str]:
            from textwrap import wrap

            return wrap(" ".join(text.split()), width, break_on_hyphens=False)

        def _format_args(self, action: Action, default_metavar: str) -> str:
            # What may go before the first of several does not go before the others.
            return super()._format_args(action, default_metavar).replace(f"[{KIND}", "[")

    return Formatter


def overview() -> ArgumentParser:
    """The parser where no command is named: it knows `--help` and `--version`, and refuses all else."""
    width = max(map(len, COMMANDS)) + 2
    commands = "\n".join(f"  {name:<{width}}{command.summary}" for name, command in COMMANDS.items())
    parser = _parser_class()(
        prog="carbontui",
        usage="carbontui [-h] [-V] COMMAND ...",
        description="Energy and CO2e of machine-learning runs, side by side. Without a command, the app starts.\n\n"
        f"commands:\n{commands}",
        epilog="carbontui COMMAND --help shows its options and an example.\n"
        "A SPEC is MODEL[@[HARDWARE][@[REGION]]][,key=value]..., such as gpt-3@a100,chips=1024",
        formatter_class=_formatter_class(),
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=LINE)
    parser.add_argument("command", metavar="COMMAND", choices=tuple(COMMANDS), help="one of the commands above")
    return parser


def of_command(name: str) -> tuple[Any, ArgumentParser]:
    """The module of a command and its parser."""
    command, module = COMMANDS[name], module_of(name)
    parser = _parser_class()(
        prog=f"carbontui {name}",
        description=command.summary,
        epilog=f"example:\n  {module.EXAMPLE}",
        formatter_class=_formatter_class(),
        allow_abbrev=False,
    )
    frame.add_general(parser, module.FORMATS)
    module.add_arguments(parser)
    return module, parser


def help_of(name: str | None) -> str:
    """What `--help` prints for a command, or for all of them."""
    return (overview() if name is None else of_command(name)[1]).format_help()


def _plain(message: str, known: Iterable[str]) -> str:
    """What argparse says, in words that no version of Python changes, with the nearest of what is known."""
    import re

    from carbontui_registry.text import did_you_mean, listed, nearest, not_allowed

    if found := re.match(r"argument (.*): invalid choice: '([^']*)' \(choose from (.*)\)", message):
        words = re.findall(r"[\w-]+", found[3])
        if found[1] == "COMMAND":
            return f"{found[2]!r} is not a command{did_you_mean(found[2], words)}"
        return f"{found[1]}: {not_allowed(repr(found[2]), found[2], words)}"
    if found := re.match(r"unrecognized arguments: (--?[\w-]+)", message):
        names = {option.lstrip("-"): option for option in known if option.startswith("--")}
        near = nearest(found[1].lstrip("-"), names, cutoff=0.7)
        return f"{found[1]} is not an option of this command" + (f"; did you mean {names[near]}?" if near else "")
    if found := re.match(r"unrecognized arguments: (.*)", message):
        return f"unexpected argument {found[1]!r}"
    if found := re.match(r"the following arguments are required: (.*)", message):
        return f"{found[1].replace(KIND, '')} is missing"
    if found := re.match(r"one of the arguments (.*) is required", message):
        return f"add {listed(found[1].split(), 'or')}"
    if found := re.match(r"argument (.*): expected .* argument", message):
        return f"{found[1]} needs a value"
    return message
