"""The documents: every block of Python, TOML and console in them is run, and the site builds without a warning.

`CARBONTUI_DOCS=write` puts what the commands print now into the pages instead of comparing it. Comments in a page,
which readers do not see, prepare what its commands need:

    <!-- given: examples/region.toml -->             a pack in the configuration folder
    <!-- here: examples/june.json -->               a file in the folder in which the commands are run
    <!-- file: packs/lab.toml -->                    the next block is this file of the configuration folder
    <!-- replace: acme.toml: 350 W -> 350 Wh -->     an edit that the text asks for
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pack_examples
import pytest

from carbontui.commands import COMMANDS, frame, parsers
from carbontui.engine.solver import fill
from carbontui.engine.uncertainty import interval90
from carbontui.formats.budget import read_budget
from carbontui.formats.schema import comparison_schema
from carbontui.importers.cluster import read_cluster
from carbontui.quantities import FILE_KEYS, RESULTS, TEXTS
from carbontui.spec import parse_spec
from carbontui.text import display
from carbontui.text.laws import rests_on
from carbontui_registry import folders, load_pack, records, schema, unit_kinds
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.checking import Finding, check
from carbontui_registry.hookspecs import HOOKS
from carbontui_registry.packs import records_of

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]
EXAMPLES = sorted((DOCS / "examples").glob("*.toml"))
BLOCK = re.compile(r"^```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"^<!-- (?P<what>given|here|file|replace): (?P<how>.*?) -->$", re.MULTILINE)
WRITE = os.environ.get("CARBONTUI_DOCS") == "write"


def blocks(language: str) -> list[Any]:
    """Every block of a language, named by page and number."""
    found = []
    for page in PAGES:
        own = [m for m in BLOCK.finditer(page.read_text(encoding="utf-8")) if m["language"] == language]
        found += [pytest.param(m["text"], id=f"{page.relative_to(ROOT)}-{n}") for n, m in enumerate(own, 1)]
    return found


@pytest.mark.parametrize("code", blocks("python"))
def test_a_block_of_python_runs_and_its_records_are_good(code: str) -> None:
    module: dict[str, Any] = {"__name__": "block"}
    exec(compile(code, "block", "exec"), module)
    for name in HOOKS:
        for record in module[name]() if name in module else ():
            assert not record.problems
            assert not record.warnings


@pytest.mark.parametrize("text", blocks("toml"))
def test_a_block_of_toml_is_a_file_of_its_kind(text: str, tmp_path: Path, catalogue: Catalogue) -> None:
    tables = tomllib.loads(text)
    if "partitions" in tables or "budget" in tables:
        path = tmp_path / "of_a_lab.toml"
        path.write_text(text, encoding="utf-8")
        assert read_budget(str(path)) if "budget" in tables else read_cluster(str(path), catalogue).partitions
    elif "pack" in tables:
        path = tmp_path / "acme.toml"
        path.write_text(text, encoding="utf-8")
        pack = load_pack(path)
        assert [warning for record in records_of(pack) for warning in record.warnings] == []
        assert not pack.warnings
    elif "project" in tables:
        assert tables["project"]["entry-points"]["carbontui"]
    else:
        assert set(tables) <= {"plugins", "prefer", "app"}
        Path(folders.config_path()).parent.mkdir(parents=True)
        Path(folders.config_path()).write_text(text, encoding="utf-8")
        folders.read_config()


class Session:
    """A terminal in an empty folder, in which the commands of one page are run."""

    def __init__(self, folder: Path) -> None:
        self.here = folder / "here"
        self.site = folder / "site"
        self.config = folder / "config"
        for made in (self.here, self.site, self.config / "packs"):
            made.mkdir(parents=True)
        self.path = [str(self.site)]

    def do(self, line: str) -> str | None:
        """What a line prints; None where it is not for this session to run."""
        program, *arguments = words = shlex.split(line, comments=True)
        if programs := by_a_shell(words):
            return self.in_a_shell(line) if all(map(shutil.which, programs - {"carbontui"})) else None
        if program == "cd":
            self.here = self.here / arguments[0]
        elif line == "pip install -e '.[test]'":
            self.install()
        elif program in ("carbontui", "python") and arguments:
            return self.run(
                [sys.executable, *(["-P", "-m", "carbontui"] if program == "carbontui" else []), *arguments]
            )
        return None

    def run(self, command: list[str], **more: str) -> str:
        """What a command prints, its messages among it."""
        env = {**os.environ, "COLUMNS": "100", "CARBONTUI_CONFIG": str(self.config), **more}
        env["PYTHONPATH"] = os.pathsep.join(self.path)
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd=self.here, env=env
        )
        return done.stdout

    def in_a_shell(self, line: str) -> str:
        """What a line prints that has more than carbontui in it; `carbontui` is the one under test."""
        shim = self.site / "bin" / "carbontui"
        if not shim.exists():
            shim.parent.mkdir()
            shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m carbontui "$@"\n')
            shim.chmod(0o755)
        return self.run(["bash", "-c", line], PATH=os.pathsep.join([str(shim.parent), os.environ["PATH"]]))

    def install(self) -> None:
        """The project in this folder, as pip would link it; `test_scaffold` lets pip do it."""
        project = tomllib.loads((self.here / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        info = self.site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir()
        ((point, module),) = project["entry-points"]["carbontui"].items()
        head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (info / "METADATA").write_text(head)
        (info / "entry_points.txt").write_text(f"[carbontui]\n{point} = {module}\n")
        self.path.append(str(self.here))

    def prepare(self, what: str, how: str, following: str) -> None:
        """Do what a comment in the page says."""
        if what == "given":
            shutil.copy(DOCS / how, self.config / "packs")
        elif what == "here":
            shutil.copy(DOCS / how, self.here)
        elif what == "file":
            block = BLOCK.search(following)
            assert block is not None
            (self.config / how).write_text(block["text"], encoding="utf-8")
        else:
            name, change = how.split(": ", 1)
            old, new = change.split(" -> ")
            text = (self.here / name).read_text(encoding="utf-8")
            assert old in text
            (self.here / name).write_text(text.replace(old, new), encoding="utf-8")


OF_A_SHELL = ("jq", "make", "duckdb", "tr")


def by_a_shell(words: list[str]) -> set[str]:
    """The programs of a line that takes a shell: one with a pipe or a redirection in it, or with another program."""
    if words[0] not in OF_A_SHELL and not {"|", ">"} & set(words):
        return set()
    return {words[0], *(after for before, after in pairwise(words) if before == "|")}


def written(text: str, session: Session) -> str:
    """The page with what its commands print."""
    steps = [(m.start(), m) for m in BLOCK.finditer(text) if m["language"] == "console"]
    steps += [(m.start(), m) for m in DIRECTIVE.finditer(text)]
    made, end = "", 0
    for _start, step in sorted(steps, key=lambda pair: pair[0]):
        if step.re is DIRECTIVE:
            session.prepare(step["what"], step["how"], text[step.end() :])
            continue
        made += text[end : step.start("text")]
        for part in re.split(r"^(?=\$ )", step["text"], flags=re.MULTILINE):
            command, _, _shown = part.partition("\n")
            printed = session.do(command.removeprefix("$ ")) if command.startswith("$ ") else None
            made += part if printed is None else f"{command}\n{printed}"
        end = step.end("text")
    return made + text[end:]


PAGES_WITH_COMMANDS = [page for page in PAGES if "```console\n" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=lambda page: page.name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    now = written(text, Session(tmp_path))
    if WRITE:
        page.write_text(now, encoding="utf-8")
    assert now.splitlines() == text.splitlines(), f"CARBONTUI_DOCS=write pytest {Path(__file__).name} renews it"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_pack_is_good(path: Path) -> None:
    found = check(str(path))
    assert [finding for finding in found.findings if not _is_of_an_example(finding)] == []
    assert found.counts["hardware" if path.stem == "hardware" else path.stem]


def _is_of_an_example(finding: Finding) -> bool:
    """The docs have sources that nobody can open."""
    return "acme.example is a placeholder" in finding.what


def test_there_is_an_example_of_each_kind_and_one_in_code() -> None:
    assert {path.stem for path in EXAMPLES} == set(records.RECORDS)
    found = check(str(DOCS / "examples" / "carbontui-acme-cloud"))
    assert [finding for finding in found.findings if not _is_of_an_example(finding)] == []
    assert all(found.counts.values())


JOBS = {
    "Fine-tuning of an 8B model on 8 H100": "@h100@DE,chips=8,duration=3 d,params=8e9",
    "One RTX 4090 at home": "@rtx-4090@DE,chips=1,duration=20 h",
    "64 A100": "@a100@DE,chips=64,duration=5 d",
    "A pod of TPU v5e": "@tpu-v5e@gcp:europe-west4,chips=256,duration=2 d",
    "A node of B200": "@b200@DE,chips=8,duration=3 d",
    "A batch on one T4": "@t4@gcp:us-west1,chips=1,duration=2 h,work=serving",
    "A node of MI300X": "@mi300x@DE,chips=8,duration=3 d",
    "A node of Gaudi 3": "@gaudi3@DE,chips=8,duration=3 d",
    "A card known by its TDP alone": "x@my-card@DE,tdp=350 W,chips=1,duration=1 d",
    "A rack of GB200": "@gb200@DE,chips=72,duration=3 d",
}


def job_row(catalogue: Catalogue, job: str) -> str:
    """A common job in `estimates.md`: its SPEC, power and energy with their ranges, and what the power rests on."""
    one = fill(parse_spec(JOBS[job]), catalogue)
    power, energy = one.inputs["power"], one.results["energy_kwh"]
    ends = display.interval(*interval90(power.value, power.spread or 0.0), "power").strip()
    assert energy.interval is not None
    cells = [job, f"`{JOBS[job]}`", f"{display.shown(power.value, 'power')}, {ends}"]
    cells.append(f"{display.shown(energy.value, 'energy')}, {display.interval(*energy.interval, 'energy').strip()}")
    return f"| {' | '.join([*cells, rests_on(power.terms[1].rests)])} |"


def test_a_job_with_two_figures_has_those_of_the_page(catalogue: Catalogue) -> None:
    text = (DOCS / "gross-and-net.md").read_text(encoding="utf-8")
    found = re.search(r"`(@[^`]+)` costs (\S+ kg) by `compare`.* (\S+ kg) by `advise`", text)
    assert found is not None
    for accounting, said in zip(("as-published", "lifecycle"), found.groups()[1:], strict=True):
        gross = fill(parse_spec(found[1]), catalogue, accounting).result("gross_kgco2e")
        assert gross is not None
        assert display.shown(gross, "co2e") == said


def test_common_jobs_are_estimated_as_the_page_says(catalogue: Catalogue) -> None:
    path = DOCS / "estimates.md"
    text = path.read_text(encoding="utf-8")
    section = re.search(r"^\| job \|.*?\n\|---[^\n]*\n(.*?)(?=\n\n)", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    rows = "\n".join(job_row(catalogue, job) for job in JOBS)
    if WRITE:
        path.write_text(text[: section.start(1)] + rows + text[section.end(1) :], encoding="utf-8")
    assert section[1] == rows


def command_row(name: str) -> str:
    """A command in `command-line.md`."""
    module, _parser = parsers.of_command(name)
    example = module.EXAMPLE.replace("|", r"\|")
    return f"| `{name}` | {COMMANDS[name].summary} | `{example}` |"


def test_every_command_is_in_its_documentation() -> None:
    path = DOCS / "command-line.md"
    text = path.read_text(encoding="utf-8")
    section = re.search(r"<!-- commands -->\n\|[^\n]*\n\|---[^\n]*\n(.*?)(?=\n\n)", text, re.DOTALL)
    assert section is not None
    rows = "\n".join(map(command_row, COMMANDS))
    if WRITE:
        path.write_text(text[: section.start(1)] + rows + text[section.end(1) :], encoding="utf-8")
    assert section[1] == rows


def key_rows(table: str) -> list[str]:
    """The rows of a table of keys in `packs.md`."""
    return [f"| `{key}` | {said} | {how_written(table, key)} |" for key, said in schema.KEYS[table].items()]


def how_written(table: str, key: str) -> str:
    """An example of a key, or what may stand there, by the schema."""
    if (table, key) in pack_examples.KEYS:
        return f'`"{pack_examples.KEYS[table, key]}"`'
    if key in pack_examples.COUNTS:
        return f"`{pack_examples.COUNTS[key]}`"
    whole = schema.pack_schema()
    properties = whole["properties"] if table == "pack" else None
    if properties is None:
        place = whole["$defs"].get(table)
        place = place or next(f["anyOf"][1] for name, f in whole["$defs"].items() if name == "number_figure")
        properties = place["properties"]
    if key in (
        numbers := {"latitude": "66.3", "longitude": "14.1", "per_node": "8", "chips": "1024", "accelerators": "8"}
    ):
        return f"`{numbers[key]}`"
    found = properties[key]
    while "allOf" in found or "$ref" in found:
        name = (found.get("allOf") or [found])[0]["$ref"].split("/")[-1]
        if name in schema.KEYS:
            return f"a table, see [{name}](#{name})"
        found = whole["$defs"][name]
    if table == "figure" and key == "value":
        return '`"350 W"`'
    if "anyOf" in found:
        # A figure, or a value that may be a number too.
        first = found["anyOf"][0]
        plain = first.get("type") in ("number", "integer")
        texts = first["anyOf"] if "anyOf" in first else found["anyOf"] if plain else [first]
        example = texts[-1]["examples"][0]
        return f"`{example}`" if re.fullmatch(r"[0-9.e]+", example) else f'`"{example}"`'
    if "enum" in found:
        return ", ".join(f"`{one}`" for one in found["enum"])
    if found.get("type") == "array":
        item = found["items"]
        name = item["$ref"].split("/")[-1] if "$ref" in item else ""
        if name:
            return f"tables, see [{name}](#{name})"
        return (
            "a list of numbers"
            if item["type"] == "number"
            else pack_examples.LISTS.get(key) or pack_examples.ALIASES[table]
        )
    if found["type"] == "integer":
        return "`1`" if key == "pack" else "`2026`"
    if found["type"] == "boolean":
        return "`true`, `false`"
    texts = {"period": '`"2025"`, `"2025-03"`', "time_zone": '`"Europe/Lisbon"`', "country": '`"SE"`'}
    ids = {"model": '`"gpt-3"`', "hardware": '`"acme-x1"`', "region": '`"acme:lulea"`', "grid": '`"grid:se"`'}
    return {**texts, **ids}.get(key, '`"acme-x1"`' if key == "id" else "text")


@pytest.mark.parametrize("table", schema.KEYS)
def test_every_key_of_a_pack_is_in_its_documentation(table: str) -> None:
    path = DOCS / "packs.md"
    text = path.read_text(encoding="utf-8")
    section = re.search(rf"^## {table}\n.*?\n\|---\|---\|---\|\n(.*?)(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None
    rows = "\n".join(key_rows(table))
    if WRITE:
        path.write_text(text[: section.start(1)] + rows + text[section.end(1) :], encoding="utf-8")
    assert section[1].strip() == rows


def test_every_key_of_a_file_is_in_its_documentation() -> None:
    text = (DOCS / "files.md").read_text(encoding="utf-8")
    whole = comparison_schema()
    keys = [*FILE_KEYS, *RESULTS, *TEXTS, *whole["properties"], *whole["$defs"]["scenario"]["properties"]]
    assert [key for key in keys if not key.startswith("$") and f"`{key}`" not in text] == []


def test_every_unit_is_in_the_contract() -> None:
    text = (DOCS / "contract.md").read_text(encoding="utf-8")
    assert [kind.suffix for kind in unit_kinds.KINDS.values() if kind.suffix and f"`{kind.suffix}`" not in text] == []


def test_every_option_of_all_commands_is_in_the_contract() -> None:
    text = (DOCS / "contract.md").read_text(encoding="utf-8")
    assert [option.flag for option in frame.GENERAL if f"`{option.flag}" not in text] == []


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    pytest.importorskip("material")
    pytest.importorskip("mkdocstrings")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    loaded = re.compile(r"""<(?:link|script|img|iframe)\b[^>]*\b(?:href|src)=["']?(https?:)?//[^>]*>""")
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) >= 6
    for page in pages:
        found = [m.group() for m in loaded.finditer(page.read_text(encoding="utf-8"))]
        assert [tag for tag in found if 'rel="canonical"' not in tag] == [], page.name
    for sheet in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"url\([\"']?https?:", sheet.read_text(encoding="utf-8")), sheet.name
    for name in ("Hardware", "TrainingRun", "PluginTests"):
        assert name in (tmp_path / "site" / "reference" / "index.html").read_text(encoding="utf-8")
