"""Formats for other readers: each is whole, is read back by a reader of its own, and no text breaks it."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from exports import TEXTS, WALK, check_bib, check_tex, compared, front_matter, text_of, unguarded
from hypothesis import example, given, settings

from carbontui import DATA_RELEASE, __version__, cli
from carbontui.commands.compare import FORMATS as of_compare
from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.engine.scenario import Scenario
from carbontui.engine.sources import SourceList, sources_of
from carbontui.formats import FORMATS, PRESETS, files_of
from carbontui.formats.citation import tool
from carbontui.formats.csv_file import COLUMNS
from carbontui.formats.document import dump
from carbontui.formats.reader import load
from carbontui.formats.statement import statement
from carbontui.quantities import METRICS
from carbontui.spec import parse_spec
from carbontui_registry import Figure, Source
from carbontui_registry.catalogue import Catalogue

ROOT = Path(__file__).parent.parent
SVG = {"svg", "title", "desc", "style", "text", "path", "rect"}


def check(name: str, text: str, comparison: Comparison) -> None:
    """The text is whole, by what reads its format."""
    names = [one.name for one in comparison.scenarios]
    assert text.endswith("\n")
    assert "\x00" not in text
    if name == "json":
        assert [one["name"] for one in json.loads(text)["scenarios"]] == names
    elif name == "toml":
        assert [one["name"] for one in tomllib.loads(text)["scenarios"]] == names
    elif name == "csv":
        header, *rows = csv.reader(io.StringIO(text), strict=True)
        assert tuple(header) == COLUMNS
        assert {len(row) for row in rows} == {len(COLUMNS)}
        assert [unguarded(row[0]) for row in rows] == names
        assert not [c for row in rows for c in row if c.lstrip().startswith(tuple("=+-@\t\r＝＋－＠"))]
    elif name == "markdown":
        table = [line for line in text.splitlines() if line.startswith("|")]
        assert len(table) == len(names) + 2
        assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in table}) == 1
        assert len({len(line) for line in table}) == 1
        assert "<" not in re.sub(r"<https?://[^\s<>]+>", "", text)
    elif name == "latex":
        check_tex(text)
    elif name == "modelcard":
        front_matter(text)
    elif name == "svg":
        root = ElementTree.fromstring(text)
        assert {node.tag.rpartition("}")[2] for node in root.iter()} <= SVG
        assert sum(node.tag.endswith("rect") for node in root.iter()) <= len(names)


# Every format


def test_the_command_line_knows_them_all() -> None:
    assert tuple(FORMATS) == of_compare
    assert len({form.ending for form in FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("metric", METRICS)
def test_a_format_is_whole_and_always_the_same(name: str, metric: str, walk: Comparison, catalogue: Catalogue) -> None:
    made = compare(walk.question.replace(metric=metric, baseline=1), catalogue)
    text = text_of(name, made, catalogue)
    check(name, text, made)
    assert text == text_of(name, compare(made.question, catalogue), catalogue)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "table"])
def test_each_carries_the_data_release_and_how_to_cite(name: str, walk: Comparison, catalogue: Catalogue) -> None:
    text = text_of(name, walk, catalogue)
    assert DATA_RELEASE in text
    assert f"carbontui {__version__}" in text


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_to_compare(name: str, catalogue: Catalogue) -> None:
    made = compare(Question(), catalogue)
    text = text_of(name, made, catalogue)
    assert text.endswith("\n")
    if name == "svg":
        ElementTree.fromstring(text)
    if name == "latex":
        check_tex(text)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_known(name: str, catalogue: Catalogue) -> None:
    made = compare(
        Question((Scenario(name="A log"), Scenario(name="B", given=(("energy", Figure(0.0, "entered")),)))), catalogue
    )
    text = text_of(name, made, catalogue)
    check(name, text, made)
    assert "None" not in text
    assert "nan" not in text.lower().replace("nvidia", "")
    if name in ("statement", "latex", "modelcard"):
        assert "unknown" in text


def hostile(catalogue: Catalogue, name: str, other: str, title: str) -> Comparison:
    source = Source(other, f"https://x.example/{name}", 2020, title, name)
    figures = (("power", Figure(300.0, "measured", 0.1, source)), ("chips", Figure(8.0, "assumed", None, source)))
    carried = (*figures, ("chip_hours", Figure(1e3, "published")), ("pue", Figure(1.1, "published", None, source)))
    first = Scenario(name, other, title, name, carried=(*carried, ("gross", Figure(4e2, "measured"))), note=other)
    return compare(Question((first, parse_spec("t5").replace(name=other)), title=title, note=name), catalogue)


@settings(max_examples=150)
@given(name=TEXTS, other=TEXTS, title=TEXTS)
@example(name="}", other="\\", title="{")
@example(name="-->", other='"', title="'")
def test_no_text_breaks_a_format(name: str, other: str, title: str, catalogue: Catalogue) -> None:
    document = dump(hostile(catalogue, *(text.strip() or "x" for text in (name, other, title))), catalogue)
    # As from a file, where every text goes through the same door.
    try:
        made = compare(load(document), catalogue)
    except ValueError:
        return
    for form in FORMATS:
        text = text_of(form, made, catalogue)
        check(form, text, made)
        assert not [c for c in text if ord(c) < 32 and c != "\n"]
    for preset in PRESETS:
        assert "\x00" not in statement(made, preset)
    made_files = files_of("latex", "x.tex", made, catalogue)
    check_tex(made_files["x.tex"])
    keys = check_bib(made_files["x.bib"])
    assert {k for ks in re.findall(r"\\cite\{([^}]*)\}", made_files["x.tex"]) for k in ks.split(",")} <= set(keys)


# Sources of what an input was computed from, and a baseline by the name that it will have


def test_every_leafs_source_is_listed_and_stays(catalogue: Catalogue) -> None:
    made = compared(catalogue, WALK[1])
    document = dump(made, catalogue)
    assert document["scenarios"][0]["sources"]["power_w"] == "carbontui-2026"
    assert "epoch-hardware-2026" in [source["id"] for source in document["sources"]]
    again = compare(load(document), catalogue)
    assert dump(again, catalogue)["sources"] == document["sources"]
    assert list(sources_of(again).by_source) == list(sources_of(made).by_source)


def test_a_baseline_by_a_default_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hand.toml"
    scenarios = '[[scenarios]]\nmodel = "gpt-3"\n[[scenarios]]\nmodel = "gpt-3"\nhardware = "a100"\n'
    path.write_text(f'carbontui = 1\nbaseline = "GPT-3 A100"\n{scenarios}')
    assert cli.main(["compare", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["baseline"] == "GPT-3 A100"
    path.write_text(f'carbontui = 1\nbaseline = "GPT-3 A10"\n{scenarios}')
    assert cli.main(["compare", str(path)]) == 2
    assert "baseline: 'GPT-3 A10' is not one of the scenarios; did you mean GPT-3 A100?" in capsys.readouterr().err


# The command line


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_on_the_command_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", "--format", name]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    path = tmp_path / f"a.{FORMATS[name].ending}"
    assert cli.main(["compare", "--format", name, "-o", str(path)]) == 0
    written = {file.name for file in tmp_path.iterdir() if file.name.startswith("a")}
    assert written == {path.name, *(["a-text.tex", "a.bib"] if name == "latex" else [])}
    if name != "latex":
        assert path.read_text(encoding="utf-8") == said.out
    path.unlink()
    if name == "latex":
        capsys.readouterr()
        assert cli.main(["compare", "--format", name, "-o", str(path)]) == 2
        assert "a-text.tex: already exists (use --force to overwrite)" in capsys.readouterr().err
        assert not path.exists()


def test_presets_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", "t5", "--format", "statement", "--preset", "sci"]) == 0
    assert "ISO/IEC 21031" in capsys.readouterr().out
    assert cli.main(["compare", "t5", "--preset", "sci"]) == 2
    assert "--preset sci needs --format statement" in capsys.readouterr().err


def test_lists_and_checks_in_other_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "hardware", "a100", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["id"] for row in rows} >= {"a100-sxm4-80"}
    assert next(row for row in rows if row["id"] == "a100-sxm4-80")["tdp_w"] == "400.0"
    assert cli.main(["verify", "--format", "markdown"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("| table")
    assert "74 checks on 62 cells" in out


# The examples in the documents


def test_the_examples_are_what_the_maker_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_exports", ROOT / "docs" / "make_exports.py")
    assert spec
    assert spec.loader
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    there = {path.name: path.read_text(encoding="utf-8") for path in maker.HERE.iterdir()}
    assert there == maker.exports(), "python docs/make_exports.py"
    assert len(there) >= len(FORMATS) + len(PRESETS)


def test_the_tool_names_its_version_and_data() -> None:
    assert __version__ in tool().title
    assert DATA_RELEASE in tool().title


@pytest.mark.parametrize("number", [3_677])
def test_writing_sources_of_one_name_is_linear(number: int) -> None:
    """As many tries as sources: each has a name of its own, although all would have the same."""

    class Counted(set[str]):
        tries = 0

        def __contains__(self, name: object) -> bool:
            Counted.tries += 1
            return super().__contains__(name)

    def tries(many: int) -> int:
        listed = SourceList()
        listed._taken, Counted.tries = Counted(), 0
        names = {listed.id_of(Source(f"Log {n}", year=2025)) for n in range(many)}
        assert len(names) == many
        return Counted.tries

    assert tries(2 * number) <= 2 * tries(number) + 2
