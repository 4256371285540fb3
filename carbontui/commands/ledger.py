"""`carbontui ledger`: the runs of many logs as one account."""

from __future__ import annotations

import os

from carbontui.commands import frame
from carbontui.commands.import_files import (
    add_reading,
    clusters_found,
    kind_and_files,
    read_with_progress,
    reading_of,
    say_what_waits,
)
from carbontui.errors import AlreadyExists, WrongUse
from carbontui.quantities import ACCOUNTINGS, ADDED_UP
from carbontui.room import NUMPY, ensure
from carbontui_registry.text import clean, did_you_mean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from carbontui.engine.ledger.account import Ledger

FORMATS = ("table", "json", "csv", "markdown", "parquet")
EXAMPLE = "carbontui ledger jobs.txt --cluster cluster.toml --by month,account --budget budget.toml"


def add_arguments(parser: ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        metavar="[KIND] FILE",
        help="logs in any format that import reads; a KIND may go before them",
    )
    add("--by", default="month", metavar="COLUMN", help="what to group by, such as month, user, account, group,"
        " hardware, region, state, known_by, or several separated by commas; default: %(default)s")  # fmt: skip
    add("--metric", choices=ADDED_UP, default="gross", help="what to add up; default: %(default)s")
    text = "which carbon factors to use; default: %(default)s"
    add("--accounting", choices=ACCOUNTINGS, default="lifecycle", help=text)
    add("--top", type=int, default=10, metavar="N", help="how many of the largest runs to list; default: %(default)s")
    add("--budget", metavar="FILE", help="a TOML file of budgets to check against; exit with 1 if one is exceeded")
    add(
        "--elsewhere",
        metavar="REGION",
        help="also show results for the same energy in REGION, such as aws:eu-north-1",
    )
    add(
        "--overlap",
        choices=("one", "sum"),
        help="for runs that overlap on one machine: count its energy once, or add the runs up",
    )
    add("--all", metavar="FILE", help="also write every run, to FILE.csv or FILE.parquet")
    add(
        "--measurements",
        metavar="FILE",
        help="also write the means of metered runs to FILE.toml, as a pack of measurements",
    )
    add_reading(parser)


def run(options: Namespace) -> int:
    """The runs of many logs as one account; 1 where a budget is exceeded."""
    ensure(NUMPY)
    try:
        from carbontui.engine.ledger.account import BY, Ledger
    except ModuleNotFoundError as error:
        raise WrongUse(f"a ledger needs {error.name}: pip install {error.name}") from None
    from carbontui.engine.ledger.report import report
    from carbontui.engine.ledger.runs import Runs
    from carbontui.engine.lookup import named
    from carbontui.formats.budget import read_budget
    from carbontui.formats.ledger import as_data, rows
    from carbontui.importers.logs import add_logs, said_of
    from carbontui.text import ledger as text

    by = [one for one in options.by.split(",") if one]
    if not by:
        raise WrongUse(f"--by {clean(options.by) or repr(options.by)}: names no column; columns are {listed(BY)}")
    for one in by:
        if by.count(one) > 1:
            raise WrongUse(f"--by {clean(options.by)}: has {clean(one)} twice")
        if one not in BY:
            raise WrongUse(f"--by {clean(one)}: unknown column{did_you_mean(one, BY)}; columns are {listed(BY)}")
    if options.top < 0:
        raise WrongUse(f"--top {options.top}: must be at least 0")
    every = options.format == "parquet"
    if every and not (options.output or "").endswith(".parquet"):
        raise WrongUse("--format parquet needs -o FILE.parquet")
    _no_file_twice(options)
    for path in (options.all, options.measurements, options.output):
        if path and path != "-" and os.path.lexists(path) and not options.force:
            raise AlreadyExists(path)
    limits = read_budget(options.budget) if options.budget is not None else ()
    kind, files = kind_and_files(options.files)
    catalogue = frame.open_catalogue(options)
    region = named(catalogue, "region", options.elsewhere) if options.elsewhere is not None else None
    runs = Runs()
    if kind is not None:
        say_what_waits(files)
    with read_with_progress() as progress:
        reading = reading_of(options, catalogue, progress)
        added = add_logs(runs, files, reading, kind)
    ledger = Ledger(runs, catalogue, options.accounting, as_one=options.overlap == "one")
    made = report(ledger, catalogue, by, options.metric, top=options.top, limits=limits, region=region)
    doubled = text.overlap_warning(made.account) if options.overlap is None else None
    doubled = doubled and f"{doubled}; choose with --overlap sum or --overlap one"
    for said in (*clusters_found(options, reading), *reading.warnings, *map(said_of, added), doubled):
        if said is not None:
            frame.say(f"carbontui: {said}")
    _write_runs(options, ledger, every)
    if options.measurements:
        from carbontui.formats.measurements import measurements_pack

        frame.write_files({options.measurements: measurements_pack(made.measured, files)}, force=options.force)
    if options.format == "json":
        frame.write_data(options, as_data(made))
    elif options.format == "csv":
        from carbontui.formats.csv_file import table

        frame.write_out(options, table(*rows(made)))
    elif options.format == "markdown":
        frame.write_out(options, text.as_markdown(made))
    elif not every:
        frame.write_out(options, text.as_text(made, frame.terminal_width(options)))
    if options.format not in ("table", "markdown"):
        # The others have a note of it in the text.
        for one in made.budgets:
            if one.lacking:
                frame.say(f"carbontui: {text.budget_lines(one)[0]}")
            if (nobody := text.no_run_of(one)) is not None:
                frame.say(f"carbontui: the budget{f' {one.limit.name}' if one.limit.name else ''}: {nobody}")
    exceeded = [one for one in made.budgets if one.left < 0]
    for one in exceeded:
        frame.say(f"carbontui: the budget{f' {one.limit.name}' if one.limit.name else ''} is exceeded")
    return frame.DOES_NOT_HOLD if exceeded else frame.OK


def _no_file_twice(options: Namespace) -> None:
    if options.budget == "":
        raise WrongUse("--budget '': needs a file name")
    given = {"--all": options.all, "--measurements": options.measurements, "-o": options.output}
    at: dict[str, str] = {}
    for option, path in given.items():
        if path is None or (path == "-" and option == "-o"):
            continue
        if not path:
            raise WrongUse(f"{option} '': needs a file name")
        other = at.setdefault(os.path.realpath(path), option)
        if other != option:
            raise WrongUse(f"{other} and {option} both write to {clean(path)}; give each its own file")


def _write_runs(options: Namespace, ledger: Ledger, every: bool) -> None:
    for path in filter(None, (options.all, options.output if every else None)):
        from carbontui.formats.runs import write_runs

        write_runs(path, ledger, force=options.force)
        frame.say(f"wrote {path}")
