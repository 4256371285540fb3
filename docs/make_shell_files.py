"""Makes the completion scripts and the manual page from the table of commands: `python docs/make_shell_files.py`.

They are shipped as files, so that no start builds the parsers of all commands.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

HERE = Path(__file__).parent.parent / "carbontui" / "shell"


def whole_parser() -> argparse.ArgumentParser:
    """One parser with every command, as shtab and argparse-manpage want it."""
    import shtab

    from carbontui.commands import COMMANDS, frame, parsers

    overview = parsers.overview()
    parser = argparse.ArgumentParser("carbontui", description=overview.description, allow_abbrev=False)
    parser.add_argument(
        "-V", "--version", action="store_true", help="print the version, and the release of the figures"
    )
    below = parser.add_subparsers(metavar="COMMAND")
    for name, command in COMMANDS.items():
        module, own = parsers.of_command(name)
        child = below.add_parser(
            name,
            help=command.summary,
            description=command.summary,
            epilog=own.epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        frame.add_general(child, module.FORMATS)
        module.add_arguments(child)
        for action in child._actions:
            if "FILE" in str(action.metavar):
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    return parser


def _roff(text: str) -> str:
    """Text as roff has it."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in text.split("\n"))


def _option(action: argparse.Action) -> str:
    """An option or argument with its help, as an item of a list."""
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    value = value[0] if isinstance(value, tuple) else str(value)
    takes = "" if action.nargs == 0 else _roff(value)
    name = ", ".join(rf"\fB{_roff(flag)}\fR" for flag in action.option_strings)
    head = f"{name} \\fI{takes}\\fR" if name and takes else name or rf"\fI{takes}\fR"
    said = (action.help or "").replace("%(default)s", str(action.default))
    return f".TP\n{head}\n{_roff(said)}"


def _example(lines: str) -> str:
    return f".PP\n.nf\n{_roff(lines)}\n.fi"


def _date(version: str) -> str:
    """The day on which a version was released, by the changelog."""
    changes = (HERE.parent.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## \[{re.escape(version)}\] - (\S+)$", changes, re.MULTILINE)
    return found[1] if found else '""'


def manual() -> str:
    """The manual page."""
    from carbontui.commands import COMMANDS, frame, parsers
    from carbontui.text.spec import spec_help
    from carbontui.version import __version__

    general = {option.flag for option in frame.GENERAL}
    page = [
        f'.TH CARBONTUI 1 {_date(__version__)} "carbontui {__version__}" "User Commands"',
        ".SH NAME",
        r"carbontui \- energy and CO2e of machine\-learning runs, side by side",
        ".SH SYNOPSIS",
        r".B carbontui",
        r"[\fIFILE\fR]",
        ".br",
        r".B carbontui",
        r"\fICOMMAND\fR [\fIOPTION\fR]... [\fIARGUMENT\fR]...",
        ".SH DESCRIPTION",
        "What does a machine\\-learning job cost in time, energy and CO2e, and why? Without a command, the app starts "
        r"and opens the comparison in \fIFILE\fR.",
        ".SH OPTIONS OF EVERY COMMAND",
        "They go before or after the command. Output options apply to commands that write something.",
    ]
    _module, parser = parsers.of_command("compare")
    shared = [action for action in parser._actions if general & set(action.option_strings)]
    page += [r".TP\n\fB\-h\fR, \fB\-\-help\fR\nthe options of the command, with an example".replace(r"\n", "\n")]
    page += [r".TP\n\fB\-V\fR, \fB\-\-version\fR\nthe version, and the release of the figures".replace(r"\n", "\n")]
    for action in shared:
        if "--format" in action.option_strings:
            action.choices, action.metavar = None, "FORMAT"
        page.append(_option(action))
    page.append(".SH COMMANDS")
    for name, command in COMMANDS.items():
        module, parser = parsers.of_command(name)
        page += [f".SS carbontui {name}", _roff(f"{command.summary[0].upper()}{command.summary[1:]}.")]
        own = [a for a in parser._actions if not (general | {"-h"}) & set(a.option_strings)]
        page += [_option(action) for action in own]
        if module.FORMATS:
            page += [".PP", _roff(f"Formats: {', '.join(module.FORMATS)}.")]
        page.append(_example(module.EXAMPLE))
    page += [".SH SPEC", ".nf", _roff(spec_help(None).rstrip()), ".fi", ".SH EXIT STATUS"]
    for status, meaning in frame.STATUSES.items():
        page += [".TP", rf"\fB{status}\fR", _roff(meaning)]
    page += [".SH ENVIRONMENT"]
    for variable, meaning in frame.VARIABLES.items():
        page += [".TP", rf"\fB{variable}\fR", _roff(meaning)]
    return "\n".join(page)


def shell_files() -> dict[str, str]:
    """Each file by its name."""
    import shtab

    names = {"bash": "carbontui.bash", "zsh": "carbontui.zsh", "fish": "carbontui.fish"}
    made = {name: shtab.complete(whole_parser(), shell=shell) for shell, name in names.items()}
    return {**made, "carbontui.1": manual()}


def main() -> None:
    """Write them."""
    for name, text in shell_files().items():
        (HERE / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
