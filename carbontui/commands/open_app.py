"""`carbontui open`: the app."""

from __future__ import annotations

import os
import sys

from carbontui.commands import frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: tuple[str, ...] = ()
EXAMPLE = "carbontui open walk.toml"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="a saved comparison to open instead of your last work")


def run(options: Namespace) -> int:
    """Start the app; without a terminal print the comparison instead."""
    # Python has None for a stream that was closed before it started.
    on_both_ends = sys.stdout.isatty() and sys.stdin is not None and sys.stdin.isatty()
    in_terminal = on_both_ends and os.environ.get("TERM") != "dumb"
    if not in_terminal and not os.environ.get("TEXTUAL_DRIVER"):
        from carbontui.formats import write_format
        from carbontui.questions import comparison_of

        catalogue = frame.open_catalogue(options)
        comparison, _ = comparison_of([options.file] if options.file else [], catalogue)
        options.output = None
        width, colour = frame.terminal_width(options), frame.coloured(options)
        sys.stdout.write(write_format("table", comparison, catalogue, width=width, colour=colour))
        return frame.OK
    from functools import partial

    from carbontui.tui.start import run as run_app
    from carbontui_registry.cache import open_catalogue

    again = partial(open_catalogue, without=options.no_plugin, only_first_party=options.no_plugins)
    return run_app(options.file, partial(frame.open_catalogue, options), again)
