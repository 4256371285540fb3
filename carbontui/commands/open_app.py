"""`carbontui open`: the app."""

from __future__ import annotations

import os
import sys

from carbontui.commands import frame
from carbontui.errors import EmptyFile, WrongUse
from carbontui.room import APP, APP_FILES, ensure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: tuple[str, ...] = ()
EXAMPLE = "carbontui open walk.toml"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    text = "a saved comparison to open instead of your last session, or logs to add to the ledger"
    add("files", nargs="*", metavar="FILE", help=text)
    add("--cluster", metavar="FILE", help="for Slurm logs: a TOML file that describes the partitions;"
        " default: cluster.toml in the folder of each log")  # fmt: skip
    add("--budget", metavar="FILE", help="for logs: a TOML file of budgets to check against")


def _comparison_and_logs(files: list[str]) -> tuple[str | None, list[str]]:
    """The comparison among the files, and the logs. Raises `FileError` and `WrongUse`."""
    if not files:
        return None, []
    from carbontui.importers import kind_of, kind_to_read

    found, logs = [], []
    for path in files:
        if path.endswith(".toml") or (path.endswith(".json") and kind_of(path) is None):
            found.append(path)
            continue
        try:
            kind_to_read(path)
        except EmptyFile:
            # Among several it is said once they are read.
            if len(files) == 1:
                raise
        logs.append(path)
    if len(found) > 1:
        raise WrongUse(f"{found[1]}: the app opens one comparison; carbontui compare takes several")
    return (found[0] if found else None), logs


def run(options: Namespace) -> int:
    """Start the app; without a terminal print the comparison, or the account of logs, instead."""
    file, logs = _comparison_and_logs(options.files)
    for option in ("cluster", "budget"):
        if getattr(options, option) and not logs:
            raise WrongUse(f"--{option}: only applies to logs, and no log was given")
    # Python has None for a stream that was closed before it started.
    on_both_ends = sys.stdout.isatty() and sys.stdin is not None and sys.stdin.isatty()
    in_terminal = on_both_ends and os.environ.get("TERM") != "dumb"
    if not in_terminal and not os.environ.get("TEXTUAL_DRIVER"):
        if logs and file is not None:
            raise WrongUse(
                f"{logs[0]}: is a log, but {file} is a comparison", expected="without a terminal, give only one kind"
            )
        if logs:
            return _account(options, logs)
        from carbontui.formats import write_format
        from carbontui.questions import comparison_of

        catalogue = frame.open_catalogue(options)
        comparison, _ = comparison_of([file] if file else [], catalogue)
        options.output = None
        width, colour = frame.terminal_width(options), frame.coloured(options)
        sys.stdout.write(write_format("table", comparison, catalogue, width=width, colour=colour))
        return frame.OK
    ensure(APP, APP_FILES)
    import gc

    # Nearly all that a start makes stays. The app looks for garbage again once its first screen is painted.
    gc.disable()
    from functools import partial

    from carbontui.tui.start import run as run_app
    from carbontui.tui.workspace import Logs
    from carbontui_registry.cache import open_catalogue

    again = partial(open_catalogue, without=options.no_plugin, only_first_party=options.no_plugins)
    cluster, budget = (os.path.abspath(one) if one else "" for one in (options.cluster, options.budget))
    ledger = Logs(tuple(map(os.path.abspath, logs)), cluster, budget)
    return run_app(file, partial(frame.open_catalogue, options), again, ledger)


def _account(options: Namespace, logs: list[str]) -> int:
    from carbontui.commands import parsers

    module, parser = parsers.of_command("ledger")
    named = [
        word for option in ("cluster", "budget") if (file := getattr(options, option)) for word in (f"--{option}", file)
    ]
    asked = parser.parse_args([*named, *logs], options)
    frame.settle_format(asked, module.FORMATS)
    status: int = module.run(asked)
    return status
