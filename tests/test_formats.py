"""Comparisons in every format: what stands in them, that they can be read back, and that no name breaks them."""

from __future__ import annotations

import copy
import csv
import importlib.util
import io
import json
import re
import shutil
import subprocess
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from anything import ANY_SPEC
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbontui import DATA_RELEASE, __version__, cli
from carbontui.commands.compare import FORMATS as of_compare
from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.sources import SourceList, sources_of
from carbontui.formats import FORMATS, PRESETS, files_of, write_format
from carbontui.formats.citation import bibtex, cite_keys, tool
from carbontui.formats.csv_file import COLUMNS, NUMBERS, cell, table
from carbontui.formats.csv_file import rows as csv_rows
from carbontui.formats.document import dump
from carbontui.formats.modelcard import number_text, quoted, to_modelcard
from carbontui.formats.reader import load
from carbontui.formats.schema import comparison_schema
from carbontui.formats.statement import statement
from carbontui.formats.tex import escape as tex_escape
from carbontui.quantities import ACCOUNTINGS, METRICS, QUANTITIES
from carbontui.spec import PAPER_RUNS, parse_spec
from carbontui.text.markdown import escape as markdown_escape
from carbontui_registry import Figure, Source
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import clean

ROOT = Path(__file__).parent.parent
WALK = ("gpt-3", "gpt-3@a100@gcp:europe-north1,chips=1024", "bloom-176b", "pythia-70m@@grid:fr", "xgen-7b@a100")


def compared(catalogue: Catalogue, *specs: str, **how: Any) -> Comparison:
    return compare(Question(tuple(map(parse_spec, specs)), **how), catalogue)


def text_of(name: str, comparison: Comparison, catalogue: Catalogue, **how: Any) -> str:
    return write_format(name, comparison, catalogue, width=None, colour=False, **how)


@pytest.fixture(scope="module")
def walk(catalogue: Catalogue) -> Comparison:
    return compared(catalogue, *WALK, title="walk")


SVG = {"svg", "title", "desc", "style", "text", "path", "rect"}

# Readers


def no_yaml_but_ours(front: str) -> dict[str, Any]:
    """The two levels of keys that the front matter has, its values being as JSON has them."""
    found: dict[str, Any] = {}
    for line in front.splitlines()[1:]:
        if not line.lstrip().startswith("#"):
            match = re.fullmatch(r"  (\w+): (\"(?:[^\"\\]|\\.)*\"|[0-9.e+-]+)(?:  # .*)?", line)
            assert match, line
            value = re.sub(r"\\x(..)", r"\\u00\1", match[2])
            value = re.sub(r"\\U(.{8})", lambda m: json.dumps(chr(int(m[1], 16)))[1:-1], value)
            found[match[1]] = json.loads(value)
    return found


def front_matter(card: str) -> dict[str, Any]:
    _, front, body = re.split(r"^---\n", card, maxsplit=2, flags=re.MULTILINE)
    assert "## Environmental Impact" in body
    found = no_yaml_but_ours(front)
    if importlib.util.find_spec("yaml"):
        import yaml  # type: ignore[import-untyped]

        assert yaml.safe_load(front) == {"co2_eq_emissions": found}
    return found


def check_tex(text: str) -> None:
    """Braces and environments close, and nothing that means something to TeX stands there but as a command."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    text = re.sub(r"(?<=\\begin\{tabularx\}).*", "", text)
    bare = re.sub(r"\\[\\{}$&#%_^~\"'`=.,]", "", text)
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    math = re.sub(r"\$(\^\{\\sim\}|\\[a-z]+)\$", "", bare)
    assert not re.search(r"[$^#\"|<>]", math), re.findall(r".{20}[$^#\"|<>].{20}", math)
    assert "%" not in math
    open_ones: list[str] = []
    for what, name in re.findall(r"\\(begin|end)\{(\w+)\}", bare):
        if what == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert not open_ones
    keys = {key for keys in re.findall(r"\\cite\{([^}]*)\}", bare) for key in keys.split(",")}
    assert all(re.fullmatch(r"[\w:.-]+", key) for key in keys)
    for panel in text.split(r"\begin{tabularx}")[1:]:
        rows = re.findall(r"^.*\\\\$", panel, re.MULTILINE)
        assert len({len(re.findall(r"(?<!\\)&", row)) for row in rows}) == 1


def check_bib(text: str) -> list[str]:
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    keys = re.findall(r"^@misc\{([\w:.-]+),$", text, re.MULTILINE)
    assert len(keys) == len({key.lower() for key in keys}) == text.count("@misc")
    return keys


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


NASTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    " =1",
    "＝1",
    "a|b",
    "**b** _i_ `c` [l](x) <b>",
    "~x~ ~",
    "#1 & 100%",
    r"\input{x} $\alpha$ ^ ~ {",
    "}",
    "\"q\" 's'",
    "a--b---c",
    "<script>alert(1)</script>",
    "]]>&amp;",
    "- x",
    "? y: [",
    "%",
    "\u202eevil",
    "ÅéßñŁ→≤",
    "数据 🤖",
    "\u00a0x",
    "x" * 199,
    "yes",
    "null",
    "1e5",
    "---",
    "...",
    "\ufffe",
    "\u0378",
    "a\\",
    "{{}}",
    "CO2e",
    "a;=1",
    "!`?`",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=30),
    st.text("=+-@|\\`*_{}[]<>#&%$^~\"'!?:;,./ ab\t\r\n", min_size=1, max_size=30),
)


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


# CSV


def of_csv(text: str, name: str) -> str | float | None:
    return None if text == "" else float(text) if name in NUMBERS else unguarded(text)


@pytest.mark.parametrize("specs", [PAPER_RUNS, WALK])
def test_csv_comes_back_to_equal_figures(specs: tuple[str, ...], catalogue: Catalogue) -> None:
    made = compared(catalogue, *specs, baseline=1)
    rows = list(csv.DictReader(io.StringIO(text_of("csv", made, catalogue))))
    for row, one in zip(rows, dump(made, catalogue)["scenarios"], strict=True):
        found = {name: value for name, text in row.items() if (value := of_csv(text, name)) is not None}
        expected = {key: one[key] for key in ("name", "model", "hardware", "region", "run") if key in one}
        expected |= one["inputs"] | one["results"]
        expected |= {f"published_{key}": value for key, value in one.get("published", {}).items()}
        for key, (low, high) in one["interval90"].items():
            expected |= {f"{key}_low90": low, f"{key}_high90": high}
        others = {"baseline", "basis", "spreads", "sources", "metric", "accounting", "data", "cite"}
        assert {key: value for key, value in found.items() if key not in others} == expected
        for group in ("basis", "sources"):
            assert dict(part.split("=") for part in row[group].split()) == one[group]
        assert {k: float(v) for k, v in (part.split("=") for part in row["spreads"].split())} == one["spreads"]
    assert [row["baseline"] for row in rows] == ["no", "yes", *["no"] * (len(specs) - 2)]


# What a number without a unit at its end is: a count, or one figure over another.
PURE = {one.file_key for one in QUANTITIES.values() if one.kind in ("number", "pue", "share")}


@settings(max_examples=100)
@given(
    specs=st.lists(ANY_SPEC, min_size=1, max_size=4),
    metric=st.sampled_from(list(METRICS)),
    accounting=st.sampled_from(ACCOUNTINGS),
    where=st.integers(0, 3),
    note=TEXTS,
)
def test_any_comparison_comes_back_from_csv(
    specs: list[str], metric: str, accounting: str, where: int, note: str, catalogue: Catalogue
) -> None:
    try:
        asked = tuple(parse_spec(spec).replace(note=note) for spec in specs)
        made = compare(Question(asked, where % len(specs), metric, accounting), catalogue)
    except (ScenarioError, UnknownName):
        return
    document = dump(made, catalogue)
    header, *rows = csv.reader(io.StringIO(text_of("csv", made, catalogue)), strict=True)
    assert tuple(header) == COLUMNS
    assert len(rows) == len(document["scenarios"])
    for cells, one in zip(rows, document["scenarios"], strict=True):
        row = {name: text for name, text in zip(header, cells, strict=True) if text}
        numbers = one["inputs"] | one["results"]
        numbers |= {f"published_{key}": value for key, value in one.get("published", {}).items()}
        for key, ends in one["interval90"].items():
            numbers |= {f"{key}_low90": ends[0], f"{key}_high90": ends[1]}
        # To the last bit, and nothing where nothing is known.
        expected = {key: value for key, value in numbers.items() if not isinstance(value, str)}
        assert {key: float(row[key]) for key in row if key in NUMBERS} == expected
        texts = {part: one[part] for part in ("name", "model", "hardware", "region", "run", "note") if part in one}
        texts |= {key: value for key, value in one["inputs"].items() if isinstance(value, str)}
        texts |= {"metric": metric, "accounting": accounting}
        assert {key: unguarded(row[key]) for key in texts if clean(texts[key])} == {
            key: text for key, value in texts.items() if (text := clean(value))
        }


def unguarded(text: str) -> str:
    """The text of a cell without the apostrophe that keeps a spreadsheet from reading a formula."""
    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text


def test_every_number_of_the_csv_has_its_unit_in_the_header() -> None:
    units = (
        "_w",
        "_h",
        "_kwh",
        "_kgco2e",
        "_gco2e_per_kwh",
        "_flop",
        "_flop_per_s",
        "_l",
        "_l_per_kwh",
        "_usd",
        "_usd_per_h",
    )
    for name in NUMBERS - {"total_of", *(f"{metric}_ratio_to_baseline" for metric in METRICS)}:
        key = name.removesuffix("_low90").removesuffix("_high90")
        assert key in PURE or key.endswith(units), name


def test_csv_is_read_by_pandas(walk: Comparison, catalogue: Catalogue) -> None:
    pandas = pytest.importorskip("pandas")
    # Its default reader, which some versions have, is off by the last bit.
    frame = pandas.read_csv(io.StringIO(text_of("csv", walk, catalogue)), float_precision="round_trip")
    for n, one in enumerate(walk.scenarios):
        for key, result in one.results.items():
            assert frame[key][n] == result.value
    assert frame["net_kgco2e"].isna().any()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""), (-1.5, "-1.5"), (1e-7, "1e-07"), (3, "3"), ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"),
        ("@x", "'@x"),         ("\t=1", "'=1"), ("\r=1", "'=1"), (" =1", "' =1"), ("x=1", "x=1"), (("a", "=b"), "a =b"),
        ("", ""), (True, "'True"), ("2020-10", "'2020-10"), ("2026.10", "'2026.10"), ("1e5", "'1e5"), ("5 %", "'5 %"),
        ("May 2020", "'May 2020"), ("12:30", "'12:30"), ("2020-10-01T12:00Z", "'2020-10-01T12:00Z"), ("'tis", "''tis"),
        ("007", "'007"), ("8xH100", "8xH100"), ("gpt-3", "gpt-3"), ("3 May runs", "3 May runs"), ("v2", "v2"),
    ],
)  # fmt: skip
def test_a_cell_is_no_formula(value: object, written: str) -> None:
    assert cell(value) == written


@pytest.mark.skipif(not shutil.which("ssconvert"), reason="no Gnumeric here")
def test_a_spreadsheet_keeps_every_text(walk: Comparison, catalogue: Catalogue, tmp_path: Path) -> None:
    """Gnumeric says of each cell whether it is a text (60); the apostrophe is no part of it."""
    import gzip

    texts = [
        *(text for text in map(clean, NASTY) if text.strip() and text != "\ufffe"),
        "2020-10",
        "2026.10",
        "May 2020",
        "1/2",
        "10 PM",
    ]
    (tmp_path / "texts.csv").write_text(table(["text"], [{"text": text} for text in texts]), encoding="utf-8")
    (tmp_path / "walk.csv").write_text(text_of("csv", walk, catalogue), encoding="utf-8")
    for name in ("texts", "walk"):
        command = ["ssconvert", "--import-type=Gnumeric_stf:stf_csvtab", "--import-encoding=UTF-8"]
        command += [f"{name}.csv", f"{name}.gnumeric"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    found: dict[str, dict[tuple[int, int], tuple[str, str]]] = {}
    for name in ("texts", "walk"):
        root = ElementTree.fromstring(gzip.decompress((tmp_path / f"{name}.gnumeric").read_bytes()))
        found[name] = {
            (int(cell.get("Row", "")), int(cell.get("Col", ""))): (cell.get("ValueType", ""), cell.text or "")
            for cell in root.iter("{http://www.gnumeric.org/v10.dtd}Cell")
        }
    kept = [found["texts"][n, 0] for n in range(1, len(texts) + 1)]
    assert [(kind, text.strip()) for kind, text in kept] == [("60", text.strip()) for text in texts]
    for n, row in enumerate(csv_rows(walk, catalogue), 1):
        for at, name in enumerate(COLUMNS):
            if row[name] is not None:
                kind, said = found["walk"][n, at]
                assert kind == ("40" if name in NUMBERS else "60"), name
                assert float(said) == row[name] if name in NUMBERS else said == clean(str(row[name]))


# Markdown, LaTeX


def test_markdown_escapes() -> None:
    assert markdown_escape("a|b*c_<i>&") == "a\\|b\\*c\\_&lt;i&gt;&amp;"


@pytest.mark.parametrize("text", [*NASTY, "".join(map(chr, range(32, 0x250)))])
def test_tex_escapes_every_character(text: str) -> None:
    check_tex(tex_escape(text))


def test_tex_writes_accents_in_ascii() -> None:
    assert tex_escape("Åé–ñ 50%") == r"\r{A}\'{e}\textendash{}\~{n} 50\%"


def test_a_tex_file_has_its_sources_beside_it(walk: Comparison, catalogue: Catalogue) -> None:
    texts = files_of("latex", "a/walk.tex", walk, catalogue)
    assert list(texts) == ["a/walk.tex", "a/walk-text.tex", "a/walk.bib"]
    assert "\\begin{table}" in texts["a/walk.tex"]
    assert "\\label{tab:walk}" in texts["a/walk.tex"]
    assert "\\paragraph" not in texts["a/walk.tex"]
    assert "\\begin{table}" not in texts["a/walk-text.tex"]
    assert "\\bibliography{walk}" in texts["a/walk-text.tex"]
    assert "@misc" not in texts["a/walk.tex"] + texts["a/walk-text.tex"]
    assert "author = {Patterson and others}" in texts["a/walk.bib"]
    keys = check_bib(texts["a/walk.bib"])
    cited = {key for keys in re.findall(r"\\cite\{([^}]*)\}", texts["a/walk-text.tex"]) for key in keys.split(",")}
    assert cited == set(keys)
    assert {"patterson-2021", "carbontui", "epoch-hardware-2026"} <= cited
    assert list(files_of("latex", "-", walk, catalogue)) == ["-"]
    assert (
        check_bib(re.sub(r"^% ?", "", text_of("latex", walk, catalogue).split(".bib file:\n")[1], flags=re.M)) == keys
    )


def test_keys_of_sources_are_told_apart() -> None:
    sources = [Source(str(n)) for n in range(5)]
    keys = cite_keys(zip(sources, ["a b", "A,b", "carbontui", "}{", "a-b"], strict=True))
    assert list(keys.values()) == ["a-b", "A-b-2", "carbontui-2", "source", "a-b-3"]
    assert check_bib(bibtex(Source("} {", "https://x/{}\\%20 ^", None, "a"), "k")) == ["k"]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no TeX here")
@pytest.mark.parametrize("specs", [PAPER_RUNS, WALK])
def test_latex_compiles(specs: tuple[str, ...], catalogue: Catalogue, tmp_path: Path) -> None:
    made = compared(catalogue, *specs, title=r"100% & \ {x}_ $^~#<>|" + '" --')
    for path, text in files_of("latex", "runs.tex", made, catalogue).items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "main.tex").write_text(
        "\\documentclass[twocolumn]{article}\\usepackage{booktabs,tabularx,url}\\begin{document}"
        "\\input{runs}\\input{runs-text}\\bibliographystyle{plain}\\bibliography{runs}\\end{document}"
    )
    tex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "main"]
    for command in (tex, ["bibtex", "main"], tex, tex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
        assert done.returncode == 0, done.stdout[-2000:]
        assert "Warning--" not in done.stdout
    assert "undefined" not in done.stdout
    # The table fits the column, at full size.
    assert not re.findall(r"Overfull .* in alignment", done.stdout)
    assert "resizebox" not in (tmp_path / "runs.tex").read_text(encoding="utf-8")


RUN = "@8xh100@germany,duration=3 d,name="
LONG_TABLES = {
    "plain": [f"{RUN}run {n} of the ablation,group={'abc'[n % 3]}" for n in range(20)],
    "capitals": [f"{RUN}WIDE NAME MMM OF RUN NUMBER {n} WHICH IS LONG,group=ALL" for n in range(20)],
    "paths": [f"{RUN}Meta-Llama-3.1-70B-Instruct_tuned/checkpoint_{n}/with_a_seed" for n in range(33)],
    "one word": [f"{RUN}{'n' * 60}{n}" for n in range(12)],
    "notes": [
        *WALK,
        *(f"{name}@a100@grid:{place}" for name in ("bloom-176b", "xgen-7b") for place in ("de", "fr", "se", "pl")),
    ],
}


@pytest.mark.parametrize("specs", LONG_TABLES.values(), ids=LONG_TABLES)
def test_a_latex_table_taller_than_a_page_goes_on(specs: list[str], catalogue: Catalogue, tmp_path: Path) -> None:
    made = compared(catalogue, *specs)
    lines = files_of("latex", "runs.tex", made, catalogue)["runs.tex"].splitlines()
    floats = "\n".join(lines).split("\\begin{table}")[1:]
    assert len(floats) > 1
    assert [part.count("\\caption{") for part in floats] == [1] + [0] * (len(floats) - 1)
    assert all(r"Table~\ref{tab:runs}, continued" in part for part in floats[1:])
    # Every panel of every part has the same rows, and all parts have all rows, in their order.
    rows = []
    for part in floats:
        panels = [re.findall(r"^(\S.*?) & .*\\\\$", panel, re.M)[1:] for panel in part.split(r"\toprule")[1:]]
        assert all(panel[: len(panels[0])] == panels[0] for panel in panels)
        rows += max(panels, key=len)
    assert len(rows) == len(specs) + len(made.totals)
    if not shutil.which("pdflatex"):
        return
    (tmp_path / "runs.tex").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "main.tex").write_text(
        "\\documentclass[twocolumn]{article}\\usepackage{booktabs,tabularx}\\begin{document}\\input{runs}\\end{document}"
    )
    tex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "main"]
    done = subprocess.run(tex, cwd=tmp_path, capture_output=True, text=True, check=False, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Float too large" not in done.stdout


@pytest.mark.parametrize("count", [1, 6])
def test_a_latex_table_that_fits_a_page_is_one(count: int, catalogue: Catalogue) -> None:
    for specs in (LONG_TABLES["plain"], PAPER_RUNS):
        assert text_of("latex", compared(catalogue, *specs[:count]), catalogue).count(r"\begin{table}") == 1


@pytest.mark.parametrize(
    ("title", "year", "author"),
    [
        ("Patterson et al. 2021, Carbon", 2021, "Patterson and others"),
        ("Kaplan 2020, Scaling Laws", 2020, "{Kaplan}"),
        ("Gemma Team 2024, Gemma", 2024, "{Gemma Team}"),
        ("Microsoft fleet PUE 2023, datacenterdynamics.com", 2023, None),
        ("AWS annual market-based claim, 2023", 2023, None),
        ("Patterson et al. 2021, Carbon", 2020, None),
    ],
)
def test_authors_are_those_that_a_title_names(title: str, year: int, author: str | None) -> None:
    entry = bibtex(Source(title, year=year), "key")
    assert re.findall(r"author = \{(.*)\},", entry) == ([author] if author else [])
    assert f"title = {{{{{title.split(', ')[1] if author else title}}}}}" in entry


# Model card


def test_a_model_card_is_in_grams(catalogue: Catalogue) -> None:
    made = compared(catalogue, "gpt-3", "t5")
    found = front_matter(text_of("modelcard", made, catalogue))
    assert list(found) == ["emissions", "source", "training_type", "geographical_location", "hardware_used"]
    assert found["emissions"] == made.scenarios[0].results["gross_kgco2e"].value * 1000 == 552148577.2357723
    assert "gross" in found["source"]
    assert "https://arxiv.org/abs/2104.10350" in found["source"]
    assert (found["geographical_location"], found["hardware_used"]) == ("Microsoft, US", "10,000 x V100 SXM2 32 GB")
    t5 = made.scenarios[1].results["gross_kgco2e"].value * 1000
    assert front_matter(to_modelcard(made, 1))["emissions"] == t5
    assert (
        front_matter(text_of("modelcard", compared(catalogue, "gpt-3", "t5", baseline=1), catalogue))["emissions"] == t5
    )


def test_a_model_card_of_the_net_and_of_the_unknown(catalogue: Catalogue) -> None:
    card = front_matter(text_of("modelcard", compared(catalogue, "switch-transformer", metric="net"), catalogue))
    assert card["emissions"] == pytest.approx(59012997.12)
    assert "net" in card["source"]
    gross = front_matter(text_of("modelcard", compared(catalogue, WALK[1], metric="net"), catalogue))
    assert gross["emissions"] > 0
    assert "gross" in gross["source"]
    unknown = text_of("modelcard", compared(catalogue, "@h100,chips=8,duration=1 h"), catalogue)
    assert "emissions" not in front_matter(unknown)
    assert "# emissions: unknown" in unknown


def test_a_model_card_is_read_by_hugging_face(walk: Comparison, catalogue: Catalogue) -> None:
    hub = pytest.importorskip("huggingface_hub")
    text = text_of("modelcard", walk, catalogue)
    card = hub.ModelCard(text)
    assert card.data.co2_eq_emissions == front_matter(text)
    assert card.data.co2_eq_emissions["emissions"] == walk.scenarios[0].results["gross_kgco2e"].value * 1000


@pytest.mark.parametrize(("value", "text"), [(1e22, "1.0e+22"), (1.5e-9, "1.5e-09"), (0.0, "0.0"), (3.25, "3.25")])
def test_a_yaml_number_has_a_point(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_yaml_text_is_quoted() -> None:
    assert quoted('a"b\\\n\x85\u2028\U000e0001é🤖') == '"a\\"b\\\\\\x0a\\x85\\u2028\\U000e0001é🤖"'


# Chart


def test_the_chart(walk: Comparison, catalogue: Catalogue) -> None:
    text = text_of("svg", walk, catalogue)
    said = [node.text or "" for node in ElementTree.fromstring(text).iter() if node.tag.endswith("text")]
    assert "◆ GPT-3" in said
    assert any(line.startswith("552 t ~") for line in said)
    assert "–" in said
    legend = next(line for line in said if "baseline" in line)
    assert "rests on an assumption" in legend
    assert "90 % interval" in legend
    assert "unknown" in legend
    assert "prefers-color-scheme: dark" in text
    assert "<script" not in text
    assert "href" not in text


def test_the_chart_has_whole_names_an_axis_and_all_of_it_inside(catalogue: Catalogue) -> None:
    long = "A name as long as a log may give a run, with its seed, its date and its place, and more of it"
    specs = ("gpt-3", f"t5,name={long}", "t5,name=one_word_that_is_longer_than_any_line_of_a_chart_has_room_for")
    root = ElementTree.fromstring(text_of("svg", compared(catalogue, *specs, baseline=1), catalogue))
    texts = [node for node in root.iter() if node.tag.endswith("text")]
    names = [node.text or "" for node in texts if node.get("text-anchor") == "end"]
    assert " ".join(names[1:-2]) == f"◆ {long}"
    assert "".join(names[-2:]) == specs[2].partition("=")[2]
    width = float(root.get("width", ""))
    for node in texts:
        at, wide = float(node.get("x", "")), 7 * len(node.text or "")
        if node.get("text-anchor") == "end":
            assert at - wide >= 0
        if node.get("class") == "value":
            assert at + wide <= width
    axis = [node.text or "" for node in texts if node.get("text-anchor") == "middle"]
    assert axis[0] == "0"
    assert axis[-1].endswith(" tCO2e")
    assert len(axis) >= 4


# Widths of DejaVu Sans, in which most Linux systems draw a chart, in sizes of the font.
DEJAVU = {"W": 0.989, "M": 0.863, "O": 0.787, "N": 0.748, "m": 0.974, "w": 0.818, "%": 0.95, "Ш": 1.067, "日": 1.0}
DEJAVU |= {"◆": 0.77, " ": 0.318, "i": 0.278, "n": 0.634, "8": 0.636, "@": 1.0, "Ö": 0.787}


@pytest.mark.parametrize("letter", [letter for letter in DEJAVU if letter not in "◆ "])
@pytest.mark.parametrize("count", [7, 25, 60, 190])
def test_the_chart_has_room_for_any_letter(letter: str, count: int, catalogue: Catalogue) -> None:
    for name in (letter * count, " ".join([letter * 6] * (count // 7))):
        root = ElementTree.fromstring(text_of("svg", compared(catalogue, f"t5,name={name}", title=name), catalogue))
        texts = [node for node in root.iter() if node.tag.endswith("text")]
        names = [node for node in texts if node.get("text-anchor") == "end"]
        assert "".join(node.text or "" for node in names).replace(" ", "") == "◆" + name.replace(" ", "")
        for node in names:
            assert float(node.get("x", "")) - 13 * sum(DEJAVU[sign] for sign in node.text or "") >= 8
        # Bold letters are up to a sixth wider; what stands before the title is known to fit.
        head = [(node.text or "").rpartition(":")[2] for node in texts if node.get("class") == "title"]
        width = float(root.get("width", ""))
        assert all(16 + 16 * sum(DEJAVU[sign] for sign in line) * 7 / 6 <= width for line in head)


def test_the_chart_has_the_colours_of_the_app(walk: Comparison, catalogue: Catalogue) -> None:
    from carbontui.tui.styles import THEMES

    light, dark = text_of("svg", walk, catalogue).split("prefers-color-scheme: dark")
    themes = {theme.name: theme for theme in THEMES}
    for text, theme in ((light, themes["carbon-light"]), (dark, themes["carbon-dark"])):
        assert f".baseline {{ fill: {theme.primary}; }}" in text
        assert f".bar {{ fill: {theme.success}; }}" in text


# Schema


def test_the_schema_is_what_the_tables_give() -> None:
    shipped = files("carbontui").joinpath("comparison.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == comparison_schema(), (
        "python -m carbontui.formats.schema > carbontui/comparison.schema.json"
    )


def test_the_schema_takes_what_is_written(walk: Comparison, catalogue: Catalogue) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(comparison_schema())
    validator.check_schema(comparison_schema())
    for made in (walk, compared(catalogue, *PAPER_RUNS, title="T", note="N"), compare(Question(), catalogue)):
        validator.validate(json.loads(text_of("json", made, catalogue)))
        validator.validate(tomllib.loads(text_of("toml", made, catalogue)))
    validator.validate({"carbontui": 1, "$schema": "x", "scenarios": [{"model": "gpt-3", "inputs": {"chips": 64}}]})
    whole = dump(walk, catalogue)
    for path, value in (
        (("carbontui",), 2), (("metric",), "gros"), (("scenarios", 0, "modell"), "x"), (("sources", 0, "title"), 7),
        (("scenarios", 0, "inputs", "power"), 1), (("scenarios", 0, "inputs", "chips"), 1.5),
        (("scenarios", 0, "inputs", "pue"), 0.9), (("scenarios", 0, "basis", "power_w"), "guess"),
        (("scenarios", 0, "inputs", "period"), "last"), (("scenarios", 0, "interval90", "energy_kwh"), [1]),
    ):  # fmt: skip
        document: Any = copy.deepcopy(whole)
        place = document
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value
        assert not validator.is_valid(document), path


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
