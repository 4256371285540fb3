"""What the commands share: options of all of them, the registry opened, and where output goes."""

from __future__ import annotations

import os
import sys

from carbontui.errors import WrongUse
from carbontui_registry.text import visible
from carbontui_registry.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable
    from typing import Any

    from carbontui.engine.comparison import Comparison
    from carbontui_registry.catalogue import Catalogue

NARROWEST = 40
OK, DOES_NOT_HOLD, WRONG_USE, INTERNAL, CANNOT_WRITE, INTERRUPTED = 0, 1, 2, 70, 74, 130

# What each exit status means, and the environment variables, for the manual page.
STATUSES = {
    OK: "success, also with rejected plugins, warnings, unknown figures or empty lists",
    DOES_NOT_HOLD: "a check failed: verify differs, plugins check finds an error, --drift finds drift, "
    "nothing fits the limits of a sweep, a budget is exceeded, a figure that --require asks for is unknown",
    WRONG_USE: "wrong usage or bad input, reported in one message without a traceback",
    INTERNAL: "an internal error; --debug shows the traceback",
    CANNOT_WRITE: "output could not be written: device full, stream closed, or no permission",
    INTERRUPTED: "Ctrl+C",
}
VARIABLES = {
    "CARBONTUI_CONFIG": "configuration folder; your own packs go into its subfolder packs",
    "CARBONTUI_CACHE": "cache folder",
    "COLUMNS": "width of tables, in columns",
    "NO_COLOR": "turn colours off",
}


class Option(Value):
    """An option that may stand before or after any command that has it."""

    flag: str
    help: str
    metavar: str | None = None
    repeated: bool = False


OF_ALL = (
    Option("--no-plugin", "do not load this plugin", "NAME", repeated=True),
    Option("--no-plugins", "do not load any third-party plugin"),
    Option("--no-cache", "ignore the cache and reload all plugins"),
    Option("--debug", "show tracebacks"),
)
OF_OUTPUT = (
    Option("--format", "default: by FILE's ending, else {default}", "FORMAT"),
    Option("-o", "write to FILE instead of the terminal", "FILE"),
    Option("--force", "overwrite FILE if it exists"),
)
GENERAL = (*OF_ALL, *OF_OUTPUT)


def add_general(parser: ArgumentParser, formats: tuple[str, ...]) -> None:
    """The options of all commands, and with `formats` those of output."""
    for option in OF_ALL:
        if option.metavar:
            parser.add_argument(option.flag, action="append", default=[], metavar=option.metavar, help=option.help)
        else:
            parser.add_argument(option.flag, action="store_true", help=option.help)
    if formats:
        choice, output, force = OF_OUTPUT
        text = choice.help.format(default=formats[0])
        parser.add_argument(choice.flag, choices=formats, help=text)
        parser.add_argument(output.flag, dest="output", metavar=output.metavar, help=output.help)
        parser.add_argument(force.flag, action="store_true", help=force.help)


def settle_format(options: Namespace, formats: tuple[str, ...]) -> None:
    """The format asked for: by name, else by the ending of the file, else the first. Raises `FileError`."""
    if not formats:
        return
    if options.output == "":
        raise WrongUse("-o: needs a file name, such as -o runs.toml")
    # A name of standard output is standard output, whatever that is.
    if options.output in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        options.output = "-"
    if options.format is not None:
        return
    options.format = formats[0]
    if options.output and options.output != "-":
        from carbontui.formats import format_of

        options.format = format_of(options.output, formats)


def say(message: str) -> None:
    """A message on stderr, in which what could steer a terminal is written out."""
    try:
        print("\n".join(visible(line) for line in message.split("\n")), file=sys.stderr, flush=True)
    except OSError:
        # There is nobody to tell.
        pass


def open_catalogue(options: Namespace, *, say_problems: bool = True) -> Catalogue:
    """Everything registered, with what was refused said once on stderr."""
    from carbontui_registry.cache import open_catalogue as opened

    def progress(name: str) -> None:
        print(f"\r\x1b[Kloading {name}", end="", file=sys.stderr, flush=True)

    watched = sys.stderr.isatty()
    if options.debug:
        os.environ["CARBONTUI_DEBUG"] = "1"
    catalogue = opened(
        without=options.no_plugin,
        only_first_party=options.no_plugins,
        fresh=options.no_cache,
        progress=progress if watched else None,
    )
    if catalogue.just_loaded and watched:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if say_problems:
        for text in catalogue.config.wrong:
            say(f"carbontui: {text}")
        if catalogue.just_loaded and (changed := len(catalogue.changes(just_now=True))):
            what = "1 figure has" if changed == 1 else f"{changed:,} figures have"
            say(f"carbontui: {what} changed in the registry since the last start; see: carbontui plugins --changes")
        for plugin in catalogue.plugins(warnings=False):
            if plugin.problems and not plugin.off:
                more = f" and {len(plugin.problems) - 1} more" if len(plugin.problems) > 1 else ""
                say(f"carbontui: {plugin.origin}: {plugin.problems[0]}{more}; see: carbontui plugins")
    return catalogue


def write_out(options: Namespace, text: str) -> None:
    """To the file asked for, or to stdout."""
    if options.output and options.output != "-":
        write_files({options.output: text}, force=options.force)
    else:
        sys.stdout.write(text)


def write_files(texts: dict[str, str], *, force: bool) -> None:
    """Each text to its file; none is written where one would overwrite a file unasked."""
    from carbontui.formats.export import write_all

    for path in write_all(texts, force=force):
        say(f"wrote {path}")


def write_comparison(options: Namespace, comparison: Comparison, catalogue: Catalogue, **more: Any) -> None:
    """A comparison in the format asked for, to its files or to stdout; `more` are options of `write_format`."""
    from carbontui.formats import files_of, names_of, write_format

    if options.output and options.output != "-":
        write_files(files_of(options.format, options.output, comparison, catalogue, **more), force=options.force)
        if why := names_of(options.format, options.output)[1]:
            say(f"{options.output}: {why}")
        return
    width, colour = terminal_width(options), coloured(options)
    sys.stdout.write(write_format(options.format, comparison, catalogue, width=width, colour=colour, **more))


def write_data(options: Namespace, data: object) -> None:
    """Data as JSON, to the file asked for or to stdout."""
    from carbontui.formats.structured import to_json

    write_out(options, to_json(data))


def terminal_width(options: Namespace) -> int | None:
    """Columns to fit a table into, or None where nobody looks at a terminal."""
    return None if options.output else screen_width()


def screen_width() -> int | None:
    """Columns of the terminal, or those that `COLUMNS` says; None where there is neither."""
    # As shutil.get_terminal_size, whose import takes a tenth of a start.
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return max(NARROWEST, int(said))
    if not sys.stdout.isatty():
        return None
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        columns = 0
    return max(NARROWEST, columns or 80)


def coloured(options: Namespace) -> bool:
    """Whether colours are wanted: a terminal, and no NO_COLOR."""
    return not options.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def amount(option: str, text: str | None, kind: str, unit: str) -> float | None:
    """What an option says in engine units; a bare number is of `unit`, or lacks one. Raises `WrongUse`."""
    if text is None:
        return None
    from carbontui.typed import limit
    from carbontui_registry.units import UnitError

    try:
        return limit(text, kind, unit)
    except UnitError as error:
        raise WrongUse(f"{option}: {error}") from None


def split(words: Iterable[str]) -> list[str]:
    """Words of an option that may also be given with commas between them."""
    return [part for word in words for part in word.split(",")]
