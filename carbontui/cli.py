"""The command line: one thin function a command. Nothing here imports Textual but `open`."""

from __future__ import annotations

import os
import sys

from carbontui import __version__
from carbontui_registry.text import clean, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence
    from typing import Any

    from carbontui.comparison import Question
    from carbontui_registry.catalogue import Catalogue

COMMANDS = (
    "open",
    "compare",
    "explain",
    "verify",
    "list",
    "show",
    "plugins",
    "import",
    "sweep",
    "budget",
    "when",
    "serve",
)
# The tables of carbontui.exchange, which a start need not import.
FORMATS = ("table", "json", "toml", "csv", "markdown", "latex", "modelcard", "statement", "svg")
# The readers of carbontui.exchange.importing.
IMPORTS = ("codecarbon", "boamps", "nvidia-smi", "llmcarbon", "green-algorithms", "mlco2")
PRESETS = ("patterson", "ghg", "eu-ai-act", "sci")
OK, DOES_NOT_HOLD, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class WrongUse(Exception):
    """Something a person asked for cannot be done; the text says why and what would be right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (contract: 0, 1 does not hold, 2 wrong use, 130 Ctrl+C)."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    if argv == ["--version"]:
        print(f"carbontui {__version__}")
        return OK
    try:
        status = _run(argv)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if "--debug" in argv:
            raise
        from carbontui.exchange.files import FileError
        from carbontui.scenario import ScenarioError
        from carbontui_registry.catalogue import UnknownName
        from carbontui_registry.folders import BadConfig
        from carbontui_registry.records import InvalidRecord
        from carbontui_registry.text import ForPeople

        people = (WrongUse, ForPeople, ScenarioError, UnknownName, FileError, BadConfig, InvalidRecord)
        if isinstance(error, people):
            _say(f"carbontui: {error}")
            return WRONG_USE
        _say(f"carbontui: something went wrong that should not: {type(error).__name__}: {error}")
        _say("carbontui: --debug shows where; please report it")
        return DOES_NOT_HOLD


def _say(message: str) -> None:
    print("\n".join(clean(line) for line in message.split("\n")), file=sys.stderr)


def _run(argv: list[str]) -> int:
    options = _parser().parse_args(_with_command(argv))
    run: Callable[[Namespace], int] = options.run
    return run(options)


def _with_command(argv: list[str]) -> list[str]:
    """`carbontui` and `carbontui FILE` mean `carbontui open`."""
    if "-h" in argv or "--help" in argv or "--version" in argv:
        return argv
    first = next(
        (n for n, word in enumerate(argv) if not word.startswith("-") and (n == 0 or argv[n - 1] != "--no-plugin")),
        None,
    )
    if first is None:
        return ["open", *argv]
    word = argv[first]
    if word not in COMMANDS and (word.endswith((".toml", ".json")) or os.path.exists(word)):
        return ["open", *argv]
    # Options of every command may stand before it too.
    return [word, *argv[:first], *argv[first + 1 :]]


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    class Parser(ArgumentParser):
        def error(self, message: str) -> Any:
            _say(f"carbontui: {message}\ncarbontui: try {self.prog} --help")
            sys.exit(WRONG_USE)

    parser = Parser(
        prog="carbontui",
        description="Energy and CO2e of machine-learning runs, side by side; without a command, the app.",
        epilog="A SPEC is MODEL[@[HARDWARE][@[REGION]]][,key=value]..., such as gpt-3@a100,chips=1024",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"carbontui {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[Namespace], int], text: str, formats: tuple[str, ...] = ()) -> ArgumentParser:
        made: ArgumentParser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        made.set_defaults(run=run)
        made.add_argument("--no-plugin", action="append", default=[], metavar="NAME", help="leave a plugin aside")
        made.add_argument("--no-plugins", action="store_true", help="leave all third-party plugins aside")
        made.add_argument("--no-cache", action="store_true", help="load every plugin anew")
        made.add_argument("--debug", action="store_true", help="show tracebacks")
        if formats:
            made.add_argument("--format", choices=formats, default=formats[0], help="default: %(default)s")
            made.add_argument("-o", dest="output", metavar="FILE", help="write to FILE instead of the terminal")
            made.add_argument("--force", action="store_true", help="replace FILE where it exists")
        return made

    made = command("open", run_open, "start the app, with a comparison's file")
    made.add_argument("file", nargs="?", metavar="FILE")
    made = command("compare", run_compare, "footprints side by side", FORMATS)
    made.add_argument("specs", nargs="*", metavar="SPEC|FILE", help="default: the runs of Patterson et al. 2021")
    made.add_argument("--baseline", metavar="N|NAME", help="what the ratios are to; default: the first")
    made.add_argument("--metric", choices=("gross", "net", "energy", "duration"))
    made.add_argument("--accounting", choices=("as-published", "direct", "lifecycle"))
    text = "beside the training: serving, embodied, development, idle; each where its figures were given"
    made.add_argument("--lifetime", action="store_true", help=text)
    made.add_argument("--rates", action="store_true", help="like with like: tCO2e for 1e21 FLOP and 1e9 tokens, FLOP/J")
    made.add_argument("--preset", choices=PRESETS, help="of a statement, for whom it is; default: patterson")
    made.add_argument(
        "--drift", action="store_true", help="what the registry has otherwise than the FILEs; exit 1 if so"
    )
    made = command("explain", run_explain, "how a figure came about: formula, numbers, sources", ("table", "json"))
    made.add_argument("spec", metavar="SPEC")
    made.add_argument("figure", nargs="?", metavar="FIGURE", help="such as energy, power or gross; default: gross CO2e")
    made.add_argument("--accounting", choices=("as-published", "direct", "lifecycle"), default="as-published")
    text = "the tables and claims of Patterson et al. 2021, recomputed"
    made = command("verify", run_verify, text, ("table", "json", "markdown"))
    made.add_argument(
        "--estimates", action="store_true", help="how far off estimates are: each published run from the others"
    )
    places = "ids or globs such as 'gcp:*'; default: all datacenters"
    made = command("sweep", run_sweep, "models on hardware in regions: the best cells of the whole product", FORMATS)
    made.add_argument(
        "--model", nargs="+", required=True, metavar="M", help="models, globs, or SPECs to find better for"
    )
    made.add_argument("--hardware", nargs="+", default=[], metavar="H", help="ids or globs; default: all")
    made.add_argument(
        "--region", nargs="+", default=[], metavar="R", help="ids or globs such as 'gcp:*'; default: all datacenters"
    )
    made.add_argument("--period", nargs="+", default=[], metavar="P", help="default: each region's latest")
    made.add_argument("--chips", nargs="+", default=[], metavar="N", help="default: as many as the model's run had")
    made.add_argument("--objective", choices=("gross", "net", "energy", "duration"), default="gross")
    made.add_argument("--accounting", choices=("lifecycle", "direct", "as-published"), default="lifecycle")
    made.add_argument("--max-days", metavar="D", help="such as 30")
    made.add_argument("--max-gross", metavar="T", help="such as '5 tCO2e'")
    made.add_argument("--max-net", metavar="T")
    made.add_argument("--max-energy", metavar="E", help="such as '100 MWh'")
    made.add_argument("--max-chips", metavar="N")
    made.add_argument("--min-memory", metavar="M", help="of one chip, such as '80 GiB'")
    made.add_argument("--within", nargs="+", default=[], metavar="C", help="EU, or countries such as SE FI")
    made.add_argument("--marked", action="store_true", help="let cells be best that cannot be, such as a TPU elsewhere")
    made.add_argument("--top", type=int, default=10, metavar="N", help="how many of the best; default: %(default)s")
    made.add_argument("--all", metavar="FILE", help="every cell too, to FILE.csv or FILE.parquet")
    made = command(
        "budget", run_budget, "what a budget of carbon, energy or time affords, and where", ("table", "json")
    )
    made.add_argument("spec", metavar="SPEC")
    most = made.add_mutually_exclusive_group(required=True)
    most.add_argument("--gross", metavar="T", help="such as '5 tCO2e'")
    most.add_argument("--net", metavar="T")
    most.add_argument("--energy", metavar="E", help="such as '100 MWh'")
    most.add_argument("--days", metavar="D", help="such as 30")
    made.add_argument("--region", nargs="+", default=[], metavar="R", help=places)
    made.add_argument("--accounting", choices=("lifecycle", "direct", "as-published"), help="default: the scenario as"
                      " published, the regions by lifecycle factors")  # fmt: skip
    made = command(
        "when", run_when, "the best start of a run by its region's mean day, and what waiting saves", ("table",)
    )
    made.add_argument("spec", metavar="SPEC")
    made.add_argument("--accounting", choices=("as-published", "direct", "lifecycle"), default="as-published")
    made = command("list", run_list, "what is registered", ("table", "json", "csv"))
    made.add_argument("kind", choices=("hardware", "regions", "models", "runs"))
    made.add_argument("words", nargs="*", metavar="WORDS", help="only what has all these words in its id or name")
    made = command("show", run_show, "one record with every figure and its source", ("table", "json", "toml"))
    made.add_argument("id", metavar="ID")
    text = "what is installed and what was set aside; check one, begin a new one, switch one off or on"
    made = command("plugins", run_plugins, text, ("table", "json"))
    made.add_argument(
        "what", nargs="?", choices=("on", "off", "check", "new"), help="off: NAME is not imported any more"
    )
    made.add_argument(
        "name", nargs="?", metavar="NAME", help="a plugin or distribution; check takes a folder or pack too"
    )
    made.add_argument("--python", action="store_true", help="new: records in code instead of a pack")
    made = command("import", run_import, "what other tools measured or worked out, as a comparison", FORMATS)
    made.add_argument("kind", choices=IMPORTS, metavar="KIND", help=", ".join(IMPORTS))
    made.add_argument("files", nargs="+", metavar="FILE", help="- is standard input")
    made.add_argument("--each", action="store_true", help="of CodeCarbon: one scenario a run, not one a project")
    made = command("serve", run_serve, "the app in a web browser, on this machine only unless told otherwise")
    made.add_argument("file", nargs="?", metavar="FILE")
    made.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    made.add_argument("--port", type=int, default=8650, help="default: %(default)s")
    return parser


# What commands share


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
        for plugin in catalogue.plugins():
            if plugin.problems and not plugin.off:
                more = f" and {len(plugin.problems) - 1} more" if len(plugin.problems) > 1 else ""
                _say(f"carbontui: {plugin.origin}: {plugin.problems[0]}{more}; see: carbontui plugins")
    return catalogue


def write_out(options: Namespace, text: str) -> None:
    """To the file asked for, or to stdout."""
    if options.output and options.output != "-":
        from carbontui.exchange.files import write

        write(options.output, text, force=options.force)
        _say(f"wrote {options.output}")
    else:
        sys.stdout.write(text)


def write_files(options: Namespace, texts: dict[str, str]) -> None:
    """Each text to its file; none is written where one would replace a file unasked."""
    from carbontui.exchange.files import FileError, write

    for path in texts:
        if os.path.lexists(path) and not options.force:
            raise FileError(f"{path}: is there already; --force replaces it")
    for path, text in texts.items():
        write(path, text, force=options.force)
        _say(f"wrote {path}")


def terminal_width(options: Namespace) -> int | None:
    """Columns to fit a table into, or None where nobody looks at a terminal."""
    if options.output or not (sys.stdout.isatty() or os.environ.get("COLUMNS")):
        return None
    from shutil import get_terminal_size

    return max(40, get_terminal_size().columns)


def coloured(options: Namespace) -> bool:
    """Whether colours are wanted: a terminal, and no NO_COLOR."""
    return not options.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def question_of(options: Namespace) -> tuple[Question, list[tuple[str, dict[str, Any]]]]:
    """What the command line asks to compare, and the documents of the files among it."""
    from carbontui.comparison import Question
    from carbontui.spec import PAPER_RUNS, parse_spec

    question = Question(title="paper-2021" if not options.specs else "")
    documents = []
    scenarios: list[Any] = []
    for word in options.specs or PAPER_RUNS:
        if word == "-" or word.endswith((".toml", ".json")):
            from carbontui.exchange.files import read

            opened, document = read(word)
            documents.append((word, document))
            if not scenarios:
                question = opened
            scenarios += opened.scenarios
        else:
            scenarios.append(parse_spec(word))
    changes: dict[str, Any] = {"scenarios": tuple(scenarios)}
    if options.metric:
        changes["metric"] = options.metric
    if options.accounting:
        changes["accounting"] = options.accounting
    return question.replace(**changes), documents


def baseline_of(wanted: str, names: Sequence[str]) -> int:
    """The number, from 0, of the scenario that `--baseline` names or counts."""
    folded = [name.lower() for name in names]
    if wanted.lower() in folded:
        return names.index(wanted) if wanted in names else folded.index(wanted.lower())
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise WrongUse(f"--baseline {wanted}: there is no such scenario; write 1 to {len(names)}, or {listed(names)}")


# Commands


def run_open(options: Namespace) -> int:
    """Start the app; without a terminal print the comparison instead."""
    in_terminal = sys.stdout.isatty() and sys.stdin.isatty() and os.environ.get("TERM") != "dumb"
    if not in_terminal and not os.environ.get("TEXTUAL_DRIVER"):
        for name in ("output", "baseline", "metric", "accounting", "preset", "lifetime", "rates"):
            setattr(options, name, None)
        options.format, options.drift = "table", False
        options.specs = [options.file] if options.file else []
        return run_compare(options)
    from functools import partial

    from carbontui.tui.app import run
    from carbontui_registry.cache import open_catalogue as open_anew

    again = partial(open_anew, without=options.no_plugin, only_first_party=options.no_plugins)
    return run(options.file, partial(open_catalogue, options), again)


def run_compare(options: Namespace) -> int:
    """Footprints side by side."""
    from carbontui.comparison import beside, fill_all, settled

    if options.preset and options.format != "statement":
        raise WrongUse(f"--preset {options.preset} is for --format statement")
    if options.drift:
        return run_drift(options)
    if (options.lifetime or options.rates) and options.format not in ("table", "json"):
        raise WrongUse(f"--lifetime and --rates have no {options.format}; write --format table or json")
    question, documents = question_of(options)
    catalogue = open_catalogue(options)
    question = settled(question, catalogue)
    filled = fill_all(question, catalogue)
    for one, scenario in zip(filled, question.scenarios, strict=True):
        if one.missing:
            keys = {"hardware": "MODEL@HARDWARE", "region": "MODEL@@REGION, or gross='... gCO2e/kWh'"}
            ways = [keys.get(part, f"{part}=...") for part in one.missing]
            what = scenario.name or scenario.model or one.name
            raise WrongUse(f"{what}: {listed(one.missing)} not known; add {listed(ways)}")
    comparison = beside(question, filled)
    if options.baseline:
        names = [one.name for one in comparison.scenarios]
        comparison = beside(question.replace(baseline=baseline_of(options.baseline, names)), filled)
    if documents:
        from carbontui.exchange.document import drift

        for path, document in documents:
            if len(documents) == 1 and len(question.scenarios) == len(document.get("scenarios", [])):
                for line in drift(document, comparison):
                    _say(f"carbontui: {path}: {line}")
    preset = options.preset or "patterson"
    if options.lifetime or options.rates:
        write_out(options, _with_extras(options, comparison, catalogue))
        return OK
    if options.output and options.output != "-":
        from carbontui.exchange.formats import files_of

        write_files(options, files_of(options.format, options.output, comparison, catalogue, preset=preset))
        return OK
    from carbontui.exchange.formats import write_format

    width, colour = terminal_width(options), coloured(options)
    text = write_format(options.format, comparison, catalogue, width=width, colour=colour, preset=preset)
    write_out(options, text)
    return OK


def _with_extras(options: Namespace, comparison: Any, catalogue: Catalogue) -> str:
    """The comparison with its lines beside the training, or its rates."""
    from carbontui import lifetime

    if options.format == "json":
        from carbontui.exchange.document import dump
        from carbontui.exchange.structured import to_json

        document = dump(comparison, catalogue)
        for one, fields in zip(comparison.scenarios, document["scenarios"], strict=True):
            fields |= {"lifetime": lifetime.as_data(one)} if options.lifetime else {}
            fields |= {"rates": lifetime.rates_data(one)} if options.rates else {}
        return to_json(document)
    from carbontui.exchange.table import comparison_table

    width = terminal_width(options)
    parts = [comparison_table(comparison, width=width, colour=coloured(options))]
    parts += [lifetime.as_text(comparison.scenarios, width)] if options.lifetime else []
    parts += [lifetime.rates_text(comparison.scenarios, width)] if options.rates else []
    return "\n".join(parts)


def run_drift(options: Namespace) -> int:
    """What the registry now has otherwise than the files, field by field."""
    from carbontui.drift import drift, stored
    from carbontui.drift_text import as_data, as_table
    from carbontui.exchange.files import read

    files = [word for word in options.specs if word == "-" or word.endswith((".toml", ".json"))]
    if not files or len(files) < len(options.specs):
        raise WrongUse("--drift holds files against the registry; write: carbontui compare FILE.toml --drift")
    if options.format not in ("table", "json"):
        raise WrongUse(f"--drift has no {options.format}; write --format table or json")
    catalogue = open_catalogue(options)
    found = []
    for path in files:
        question, document = read(path)
        found.append((path, [*drift(question, catalogue), *stored(question, document, catalogue)]))
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        write_out(options, to_json(as_data(found)))
    elif any(drifts for _, drifts in found):
        write_out(options, as_table(found, terminal_width(options)))
    for path, drifts in found:
        if not drifts:
            _say(f"carbontui: {path}: no drift")
    return DOES_NOT_HOLD if any(drifts for _, drifts in found) else OK


def run_explain(options: Namespace) -> int:
    """How a figure came about."""
    from carbontui.explain import as_data, as_text, explain, figure_key
    from carbontui.filling import fill
    from carbontui.spec import parse_spec

    one = fill(parse_spec(options.spec), open_catalogue(options), options.accounting)
    default = next((key for key in ("gross_kgco2e", "net_kgco2e", "energy_kwh") if key in one.results), "energy_kwh")
    explanation = explain(one, figure_key(options.figure) if options.figure else default)
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        write_out(options, to_json(as_data(explanation)))
    else:
        write_out(options, as_text(explanation))
    return OK


def run_verify(options: Namespace) -> int:
    """The paper's tables and claims, recomputed; or what is estimated, held against published runs."""
    if options.estimates:
        return _verify_estimates(options)
    from carbontui.verify import summary, verify

    checks = verify(open_catalogue(options))
    differing = [check for check in checks if not check.as_recorded]
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        fields = ("table", "system", "cell", "printed", "computed", "verdict", "recorded")
        write_out(options, to_json([{f: getattr(check, f) for f in fields} for check in checks]))
    elif options.format == "markdown":
        from carbontui.exchange.markdown import escape, table
        from carbontui.exchange.table import Column

        shown = ("table", "system", "cell", "printed", "computed", "verdict")
        rows = table([Column(f, [str(getattr(c, f)) for c in checks], right=f in shown[3:5]) for f in shown])
        reasons = [f"- {escape(f'{check.system}, {check.cell}: {check.reason}')}" for check in checks if check.reason]
        write_out(options, "\n".join([*rows, "", *reasons, *([""] if reasons else []), escape(summary(checks))]) + "\n")
    else:
        from carbontui.exchange.table import Column, render

        columns = [
            Column("table", [check.table for check in checks], right=False),
            Column("system", [check.system for check in checks], right=False, least=14),
            Column("cell", [check.cell for check in checks], right=False, least=14),
            Column("printed", [check.printed for check in checks]),
            Column("computed", [check.computed for check in checks]),
            Column("verdict", [c.verdict + ("" if c.as_recorded else " !") for c in checks], right=False),
        ]
        lines = render(columns, terminal_width(options))
        reasons = [f"{check.system}, {check.cell}: {check.reason}" for check in checks if check.reason]
        write_out(options, "\n".join([*lines, "", *reasons, "", summary(checks)]) + "\n")
    for check in differing:
        _say(
            f"carbontui: {check.table}, {check.system}, {check.cell}: printed {check.printed}, computed"
            f" {check.computed}: {check.verdict}, recorded is {check.recorded}"
        )
    return DOES_NOT_HOLD if differing else OK


def _verify_estimates(options: Namespace) -> int:
    from carbontui.estimates import estimates
    from carbontui.estimates_text import as_data, as_markdown, as_text, problems

    report = estimates(open_catalogue(options))
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        write_out(options, to_json(as_data(report)))
    elif options.format == "markdown":
        write_out(options, as_markdown(report))
    else:
        write_out(options, as_text(report, terminal_width(options)))
    for problem in problems(report):
        _say(f"carbontui: {problem}")
    return OK if report.holds else DOES_NOT_HOLD


def run_list(options: Namespace) -> int:
    """What is registered of one kind."""
    from carbontui.records import list_row, list_table
    from carbontui_registry.catalogue import PLURAL

    catalogue = open_catalogue(options)
    kind = next(kind for kind, plural in PLURAL.items() if plural == options.kind)
    words = [word.lower() for word in options.words]
    found = [
        r
        for r in catalogue.all(kind)
        if all(w in f"{r.id} {getattr(r.record, 'name', '')} {r.origin}".lower() for w in words)
    ]
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        write_out(options, to_json([list_row(r) for r in found]))
    elif options.format == "csv":
        from carbontui.exchange.csv_file import table

        # Every key that a record of the kind has, so that the columns do not depend on the words.
        columns = dict.fromkeys(key for r in catalogue.all(kind) for key in list_row(r))
        write_out(options, table(columns, [list_row(r) for r in found]))
    else:
        write_out(options, list_table(kind, found, terminal_width(options)))
        if not found:
            _say(f"carbontui: no {options.kind} with {' '.join(options.words)!r}")
    return OK


def run_show(options: Namespace) -> int:
    """One record with every figure, its basis and its source."""
    from carbontui.about import show_text
    from carbontui.records import find_any, show_document

    catalogue = open_catalogue(options)
    found = find_any(catalogue, options.id)
    if options.format == "table":
        write_out(options, "\n\n".join(show_text(r) for r in found) + "\n")
    else:
        from carbontui.exchange.structured import to_json, to_toml

        documents = [show_document(r) for r in found]
        if options.format == "json":
            write_out(options, to_json(documents[0] if len(documents) == 1 else documents))
        else:
            write_out(options, "\n".join(to_toml(document) for document in documents))
    return OK


def run_plugins(options: Namespace) -> int:
    """What is installed; or check one, begin one, switch one off or on."""
    from carbontui import plugins

    if options.what == "new":
        if not options.name:
            raise WrongUse("plugins new: which name? Write: carbontui plugins new acme")
        _say(plugins.begin(options.name, python=options.python))
        return OK
    if options.what == "check":
        if not options.name:
            raise WrongUse("plugins check: what? Write the name of a plugin, a folder, or a pack ending in .toml")
        good, text = plugins.check(options.name, as_json=options.format == "json")
        write_out(options, text)
        return OK if good else DOES_NOT_HOLD
    if options.what:
        for line in plugins.switch(options.name, off=options.what == "off", plugins=plugins.installed()):
            _say(f"carbontui: {line}")
        return OK
    catalogue = open_catalogue(options, say_problems=False)
    if options.format == "json":
        write_out(options, plugins.as_json(catalogue))
    else:
        write_out(options, plugins.table(catalogue, terminal_width(options)))
    return OK


def run_import(options: Namespace) -> int:
    """What other tools wrote, as a comparison; what they do not say stays unknown."""
    from carbontui.comparison import Question, compare
    from carbontui.exchange.formats import files_of, write_format
    from carbontui.exchange.importing import Reading, read_files

    if options.each and options.kind != "codecarbon":
        raise WrongUse(f"--each is for codecarbon; {options.kind} has no runs to take apart")

    def progress(path: str, done: int, total: int) -> None:
        share = f"{100 * done // total} %" if total else f"{done >> 20} MiB"
        print(f"\r\x1b[Kreading {clean(path)}: {share}", end="", file=sys.stderr, flush=True)

    catalogue = open_catalogue(options)
    watched = sys.stderr.isatty()
    reading = Reading(catalogue, each=options.each, progress=progress if watched else None)
    try:
        scenarios = read_files(options.kind, options.files, reading)
    finally:
        if watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    noted = [f"{one.name}: {one.note}" for one in scenarios if one.note]
    # Every other format has the notes in it.
    said = noted[:20] if options.format == "table" else reading.warnings
    for text in said:
        _say(f"carbontui: {text}")
    if options.format == "table" and len(noted) > len(said):
        _say(f"carbontui: and notes on {len(noted) - len(said):,} more")
    comparison = compare(Question(scenarios), catalogue)
    if options.output and options.output != "-":
        write_files(options, files_of(options.format, options.output, comparison, catalogue))
        return OK
    width, colour = terminal_width(options), coloured(options)
    write_out(options, write_format(options.format, comparison, catalogue, width=width, colour=colour))
    return OK


def amount(option: str, text: str | None, kind: str, unit: str) -> float | None:
    """What an option says in engine units; a bare number is of `unit`. Raises `WrongUse`."""
    if text is None:
        return None
    from carbontui_registry import units

    try:
        return units.parse(f"{text} {unit}" if unit and text.strip()[-1:].isdigit() else text, kind)
    except units.UnitError as error:
        raise WrongUse(f"{option}: {error}") from None


def run_sweep(options: Namespace) -> int:
    """The best cells of models x hardware x regions."""
    try:
        from carbontui.sweep import Limits, Sweep, SweepQuestion
    except ModuleNotFoundError as error:
        raise WrongUse(f"sweeps need {error.name}: pip install {error.name}") from None
    from carbontui import sweep_text
    from carbontui.exchange.document import dump
    from carbontui.exchange.formats import files_of, write_format
    from carbontui.scenario import Scenario
    from carbontui.spec import chosen, give, parse_spec, quantity

    if options.top < 1:
        raise WrongUse(f"--top {options.top}: must be at least 1")
    for period in options.period:
        give(Scenario(), "period", period)
    for path in (options.all, options.output):
        if path and path != "-" and os.path.lexists(path) and not options.force:
            raise WrongUse(f"{path}: is there already; --force replaces it")

    def limit(option: str, kind: str, unit: str, size: float = 1.0) -> float | None:
        found = amount(f"--{option}", getattr(options, option.replace("-", "_")), kind, unit)
        return None if found is None else found / size

    limits = Limits(
        limit("max-days", "duration", "d", 24.0),
        limit("max-gross", "co2e", "tCO2e", 1000.0),
        limit("max-net", "co2e", "tCO2e", 1000.0),
        limit("max-energy", "energy", "MWh", 1000.0),
        None if options.max_chips is None else quantity("chips", options.max_chips).value,
        limit("min-memory", "memory", "GiB"),
        tuple(word for words in options.within for word in words.split(",")),
    )
    catalogue = open_catalogue(options)
    models = [chosen(catalogue, "model", [word]) if set("*?[") & set(word) else [] for word in options.model]
    question = SweepQuestion(
        tuple(
            base
            for word, found in zip(options.model, models, strict=True)
            for base in ([Scenario(model=one.id) for one in found] or [parse_spec(word)])
        ),
        tuple(options.hardware),
        tuple(options.region),
        tuple(options.period),
        tuple(quantity("chips", word).value for words in options.chips for word in words.split(",")),
        options.objective,
        options.accounting,
        limits,
        options.marked,
    )
    sweep = Sweep(question, catalogue)
    if options.all:
        from carbontui.exchange.cells import write_cells

        write_cells(options.all, sweep, force=options.force)
        _say(f"wrote {options.all}")
    survey = sweep.survey(options.top)
    if options.format == "table":
        write_out(options, sweep_text.as_text(sweep, survey, terminal_width(options), colour=coloured(options)))
        return OK if survey.best else DOES_NOT_HOLD
    if not survey.best:
        _say(f"carbontui: {sweep_text.nothing(survey)}")
        return DOES_NOT_HOLD
    # A model card is of one scenario, and so of the best.
    comparison = sweep_text.best_comparison(sweep, survey, beside_own=options.format != "modelcard")
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        write_out(options, to_json(sweep_text.as_data(sweep, survey, dump(comparison, catalogue))))
        return OK
    if options.output and options.output != "-":
        write_files(options, files_of(options.format, options.output, comparison, catalogue))
        return OK
    write_out(options, write_format(options.format, comparison, catalogue, width=None, colour=False))
    return OK


def run_budget(options: Namespace) -> int:
    """What a budget affords of a scenario."""
    from carbontui.budget import afford, as_data, as_text
    from carbontui.filling import fill
    from carbontui.spec import chosen, parse_spec

    kinds = {
        "gross": ("co2e", "tCO2e"),
        "net": ("co2e", "tCO2e"),
        "energy": ("energy", "MWh"),
        "days": ("duration", "d"),
    }
    name = next(name for name in kinds if getattr(options, name) is not None)
    most = amount(f"--{name}", getattr(options, name), *kinds[name])
    if not most:
        raise WrongUse(f"--{name}: must be more than 0")
    catalogue = open_catalogue(options)
    one = fill(parse_spec(options.spec), catalogue, options.accounting or "as-published")
    regions = chosen(catalogue, "region", options.region)
    metric = "duration" if name == "days" else name
    budget = afford(one, metric, most, catalogue, regions, options.accounting or "lifecycle")
    if options.format == "json":
        from carbontui.exchange.structured import to_json

        write_out(options, to_json(as_data(budget)))
    else:
        write_out(options, as_text(budget, terminal_width(options)))
    return OK


def run_when(options: Namespace) -> int:
    """The best start in a scenario's region."""
    from carbontui.filling import fill
    from carbontui.spec import parse_spec
    from carbontui.when import lines, when

    catalogue = open_catalogue(options)
    one = fill(parse_spec(options.spec), catalogue, options.accounting)
    write_out(options, "\n".join(lines(one, when(one, catalogue))) + "\n")
    return OK


def run_serve(options: Namespace) -> int:
    """The app in a web browser."""
    try:
        from carbontui.serve import serve
    except ModuleNotFoundError as error:
        raise WrongUse(f"serving needs {error.name}: pip install 'carbontui[serve]'") from None
    arguments = [options.file] if options.file else []
    arguments += ["--no-plugins"] if options.no_plugins else []
    for name in options.no_plugin:
        arguments += ["--no-plugin", name]
    try:
        serve(options.host, options.port, arguments)
    except OSError as error:
        raise WrongUse(f"{options.host}:{options.port} cannot be used: {error.strerror or error}") from None
    return OK
