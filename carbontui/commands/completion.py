"""`carbontui completion`: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: tuple[str, ...] = ()
EXAMPLE = 'eval "$(carbontui completion bash)"'
SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")


def run(options: Namespace) -> int:
    """Print the script, which is shipped as a file."""
    import sys

    sys.stdout.write(shell_file(f"carbontui.{options.shell}"))
    return frame.OK


def shell_file(name: str) -> str:
    """A file of the folder `shell`: a completion script, or the manual page."""
    from importlib.resources import files

    return files("carbontui").joinpath("shell", name).read_text(encoding="utf-8")
