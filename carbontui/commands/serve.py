"""`carbontui serve`: the app in a web browser."""

from __future__ import annotations

from carbontui.commands import frame
from carbontui.errors import WrongUse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: tuple[str, ...] = ()
EXAMPLE = "carbontui serve walk.toml --port 8650"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a saved comparison to open instead of your last session"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; default: %(default)s")
    parser.add_argument("--port", type=int, default=8650, help="port to listen on; default: %(default)s")


def run(options: Namespace) -> int:
    """The app in a web browser."""
    if not 0 < options.port < 65536:
        raise WrongUse(f"--port: {options.port} is not a port", expected="write one from 1 to 65535")
    try:
        from carbontui.tui.serve import serve
    except ModuleNotFoundError as error:
        raise WrongUse(f"serving needs {error.name}: pip install 'carbontui[serve]'") from None
    arguments = [options.file] if options.file else []
    arguments += ["--no-plugins"] if options.no_plugins else []
    for name in options.no_plugin:
        arguments += ["--no-plugin", name]
    try:
        serve(options.host, options.port, arguments)
    except OSError as error:
        raise WrongUse(f"cannot listen on {options.host}:{options.port}: {error.strerror or error}") from None
    return frame.OK
