"""`carbontui help`: a command's help, the keys of a SPEC with examples, or the manual page."""

from __future__ import annotations

from carbontui.commands import COMMANDS, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: tuple[str, ...] = ()
EXAMPLE = "carbontui help spec"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    text = "spec, man (the manual page, as roff), or a command; default: an overview"
    parser.add_argument("topic", nargs="?", choices=("spec", "man", *COMMANDS), metavar="TOPIC", help=text)


def run(options: Namespace) -> int:
    """Print the help that was asked for."""
    import sys

    from carbontui.commands.parsers import help_of

    if options.topic == "spec":
        from carbontui.text.spec import spec_help

        sys.stdout.write(spec_help(frame.screen_width()))
    elif options.topic == "man":
        from carbontui.commands.completion import shell_file

        sys.stdout.write(shell_file("carbontui.1"))
    else:
        sys.stdout.write(help_of(options.topic))
    return frame.OK
