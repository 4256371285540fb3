"""Whatever is wrong with a file, there is one message: file, line, key, what stands there, what would be right."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.cli import main
from carbontui.errors import FileError
from carbontui.files import line_of
from carbontui.formats.files import read
from carbontui.importers import IMPORTERS as KINDS
from carbontui_registry.text import visible

HEAD = 'carbontui = 1\n[[scenarios]]\nname = "A"\nmodel = "t5"\n'
IN = HEAD + "[scenarios.inputs]\nchips = 8\n"
JSON = '{"carbontui": 1,\n"scenarios": [{"model": "t5",\n"inputs": {"power_w": %s}}]}'
POWER = "scenarios[1].inputs.power_w"
EMPTY = "carbontui: is missing; a comparison begins with carbontui = 1"
# Name of the file, what is in it, and what is said behind its name.
COMPARISONS: list[tuple[str, str, str | bytes, str]] = [
    ("empty", "a.toml", "", f": {EMPTY}"),
    ("other TOML", "a.toml", "[project]\n", f": {EMPTY}"),
    (
        "prose",
        "a.toml",
        "hello there\n",
        ", line 1: is not TOML: 'hello there': Expected '=' after a key in a key/value pair",
    ),
    (
        "unclosed",
        "a.toml",
        HEAD + "inputs = {chips = 3\n",
        ", line 5: is not TOML: 'inputs = {chips = 3': Unclosed inline table",
    ),
    ("twice", "a.toml", HEAD + 'name = "B"\n', ", line 5: is not TOML: 'name = \"B\"': Cannot overwrite a value"),
    (
        "no JSON",
        "a.json",
        '{"carbontui": 1,\n"scenarios": [}',
        ", line 2: is not JSON: '\"scenarios\": [}': Expecting value",
    ),
    ("a list", "a.json", "[]", ", line 1: is not a comparison: expected a JSON object in braces"),
    ("CSV", "a.toml", "a,b\n1,2\n", ", line 1: is not TOML: 'a,b': Expected '=' after a key in a key/value pair"),
    # Types
    ("text for a list", "a.toml", "carbontui = 1\nscenarios = 3\n", ", line 2: scenarios: 3 must be a list of tables"),
    (
        "text for a number",
        "a.toml",
        IN + 'power_w = "many"\n',
        f", line 7: {POWER}: 'many' must be a number in W without quotes",
    ),
    ("a list for a number", "a.json", JSON % "[1]", f", line 3: {POWER}: a list must be a number in W without quotes"),
    ("truth for a number", "a.json", JSON % "true", f", line 3: {POWER}: true must be a number in W without quotes"),
    ("null", "a.json", JSON % "null", f", line 3: {POWER}: null must be a number in W without quotes"),
    (
        "a number for a text",
        "a.toml",
        HEAD + "hardware = 100\n",
        ", line 5: scenarios[1].hardware: 100 must be text in quotes",
    ),
    # Keys
    ("key", "a.toml", HEAD + 'modle = "t5"\n', ", line 5: scenarios[1].modle: unknown key; did you mean model?"),
    (
        "key of an input",
        "a.toml",
        IN + "chisp = 3\n",
        ", line 7: scenarios[1].inputs.chisp: unknown key; did you mean chips?",
    ),
    (
        "key at the top",
        "a.toml",
        'carbontui = 1\nmertic = "net"\n',
        ", line 2: mertic: unknown key; did you mean metric?",
    ),
    (
        "word",
        "a.toml",
        'carbontui = 1\nmetric = "nett"\n',
        ", line 2: metric: 'nett' is not allowed; use gross, net, energy, duration, water or cost; did you mean net?",
    ),
    # Units
    (
        "unit of a key",
        "a.toml",
        IN + "power_kw = 3\n",
        ", line 7: scenarios[1].inputs.power_kw: unknown key; power is given in W, as power_w",
    ),
    (
        "unit of a factor",
        "a.toml",
        IN + "net_kgco2e_per_kwh = 3\n",
        ", line 7: scenarios[1].inputs.net_kgco2e_per_kwh: unknown key;"
        " net is given in gCO2e/kWh, as net_gco2e_per_kwh",
    ),
    (
        "unit of a value",
        "a.toml",
        IN + 'power_w = "3 kW"\n',
        f", line 7: {POWER}: '3 kW' must be a number in W without quotes; write 3000.0",
    ),
    (
        "unit of another kind",
        "a.toml",
        IN + 'power_w = "3 kWh"\n',
        f", line 7: {POWER}: '3 kWh' must be a number in W without quotes",
    ),
    (
        "below what can be",
        "a.toml",
        IN + "pue = 0.9\n",
        ", line 7: scenarios[1].inputs.pue: 0.9 is below 1; PUE is facility energy / IT energy and cannot be below 1",
    ),
    # Numbers
    (
        "nan",
        "a.toml",
        IN + "power_w = nan\n",
        f", line 7: {POWER}: nan must be finite and not negative; leave out what is unknown",
    ),
    (
        "NaN",
        "a.json",
        JSON % "NaN",
        f", line 3: {POWER}: nan must be finite and not negative; leave out what is unknown",
    ),
    (
        "infinite",
        "a.toml",
        IN + "power_w = 1e999\n",
        f", line 7: {POWER}: inf must be finite and not negative; leave out what is unknown",
    ),
    (
        "negative",
        "a.toml",
        IN + "power_w = -1\n",
        f", line 7: {POWER}: -1.0 must be finite and not negative; leave out what is unknown",
    ),
    ("huge", "a.toml", IN + "power_w = 1e308\n", f", line 7: {POWER}: 1e+308 is too large (more than 1e+60)"),
    (
        "400 digits",
        "a.json",
        JSON % f"1{'0' * 400}",
        f", line 3: {POWER}: a number of 401 digits is too large a number; write one like 1.5e9",
    ),
    (
        "5000 digits",
        "a.json",
        JSON % f"1{'0' * 5000}",
        ", line 3: a number has more than 4,300 digits; write one like 1.5e9",
    ),
    (
        "5000 digits in TOML",
        "a.toml",
        IN + f"power_w = 1{'0' * 5000}\n",
        ", line 7: a number has more than 4,300 digits; write one like 1.5e9",
    ),
    # Depth, format
    (
        "deep",
        "a.json",
        '{"carbontui": 1,\n"scenarios": ' + "[" * 100_000,
        ", line 2: is nested too deeply; at most four levels are allowed",
    ),
    (
        "deep in TOML",
        "a.toml",
        "carbontui = 1\nscenarios = " + "[" * 100_000,
        ", line 2: is nested too deeply; at most four levels are allowed",
    ),
    (
        "not so deep",
        "a.json",
        '{"carbontui": 1,\n"scenarios": ' + "[" * 60 + "]" * 60 + "}",
        ", line 2: scenarios[1]: a list must be a table of keys and values",
    ),
    (
        "newer",
        "a.toml",
        HEAD.replace("= 1", "= 2"),
        ", line 1: carbontui: is format 2; this version reads 1; install a newer one",
    ),
    (
        "newer, with keys of its own",
        "a.json",
        '{\n"new": 1, "carbontui": 2}',
        ", line 2: carbontui: is format 2; this version reads 1; install a newer one",
    ),
    # Encodings
    ("UTF-16", "a.toml", HEAD.encode("utf-16"), ", line 1: is in UTF-16; save it as UTF-8 text"),
    ("UTF-16 without mark", "a.toml", HEAD.encode("utf-16-le"), ", line 1: is in UTF-16; save it as UTF-8 text"),
    ("UTF-32", "a.json", HEAD.encode("utf-32"), ", line 1: is in UTF-32; save it as UTF-8 text"),
    (
        "Latin-1",
        "a.toml",
        (HEAD + 'title = "é"\n').encode("latin-1"),
        ", line 5: the byte 0xE9 is not UTF-8; save it as UTF-8 text",
    ),
    (
        "behind a mark and CRLF",
        "a.toml",
        b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode() + b"modle = 1\r\n",
        ", line 5: scenarios[1].modle: unknown key; did you mean model?",
    ),
    # Controls
    (
        "NUL",
        "a.toml",
        HEAD.replace('"A"', '"A\0B"'),
        r""", line 3: is not TOML: 'name = "AB"': Illegal character '\x00'""",
    ),
    (
        "escape in a text",
        "a.toml",
        HEAD.replace('"A"', '"A\x1b[31m"'),
        r""", line 3: is not TOML: 'name = "A[31m"': Illegal character '\x1b'""",
    ),
    (
        "escape in a value",
        "a.json",
        JSON % r'"\u001b[31m3 kW"',
        f", line 3: {POWER}: '[31m3 kW' must be a number in W without quotes",
    ),
    (
        "escape in the file's name",
        "a\x1b[31m.toml",
        "x",
        ", line 1: is not TOML: 'x': Expected '=' after a key in a key/value pair",
    ),
]


@pytest.mark.parametrize(("name", "content", "says"), [c[1:] for c in COMPARISONS], ids=[c[0] for c in COMPARISONS])
def test_a_wrong_comparison(
    name: str, content: str | bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    raw = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(raw)
    out = tmp_path / "out.json"
    out.write_text("old")
    for arguments in ([], ["--drift"], ["--format", "json", "-o", str(out), "--force"]):
        assert main(["compare", str(path), *arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == f"carbontui: {visible(str(path))}{says}\n"
    assert (path.read_bytes(), out.read_text()) == (raw, "old")


def test_a_file_of_a_gigabyte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.toml"
    with path.open("wb") as file:
        file.truncate(2**30)
    assert main(["compare", str(path)]) == 2
    assert capsys.readouterr().err == f"carbontui: {path}: is 1,024 MiB; at most 64 MiB can be read\n"
    for kind in KINDS:
        assert main(["import", kind, str(path)]) == 2
        # A report is read whole; of a log one line is enough to tell.
        says = ": is 1,024 MiB; at most 64 MiB can be read" if kind == "boamps" else ", line 1: is longer than 1 MiB"
        assert capsys.readouterr().err == f"carbontui: {path}{says}\n"


@pytest.mark.parametrize("raw", [HEAD, HEAD.replace("\n", "\r\n"), "\ufeff" + HEAD], ids=["LF", "CRLF", "mark"])
def test_line_ends_and_a_mark_are_no_matter(raw: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(raw.encode())
    assert read(str(path))[0].scenarios[0].name == "A"


def test_escapes_in_names_stay_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    name = "a\x1b[31m\x9b2J\u202eb\x07"
    path.write_text(json.dumps({"carbontui": 1, "title": name, "scenarios": [{"name": name, "model": "t5"}]}))
    for form in ("table", "json", "toml", "csv", "markdown", "latex", "modelcard", "statement", "svg"):
        assert main(["compare", str(path), "--format", form]) == 0
        said = capsys.readouterr()
        assert not set("\x1b\x9b\x07\u202e") & set(said.out + said.err)
        assert "a[31m2Jb" in re.sub(r"\\|{}", "", said.out)


# Lines


def test_the_line_of_a_key_in_json_is_that_of_its_own_table() -> None:
    one = {
        "name": 'the "inputs" of: [A',
        "model": "t5",
        "inputs": {"power_w": 1, "chips": 2},
        "basis": {"power_w": "x"},
    }
    text = json.dumps({"carbontui": 1, "scenarios": [one, one], "sources": []}, indent=1)
    lines = text.splitlines()
    for number in (1, 2):
        for group, key in (("inputs", "power_w"), ("inputs", "chips"), ("basis", "power_w")):
            line = line_of(text, f"scenarios[{number}].{group}.{key}")
            assert line
            assert f'"{key}"' in lines[line - 1]
            before = "\n".join(lines[: line - 1])
            assert (before.count('"name"'), before.rindex(f'"{group}"') > before.rindex('"model"')) == (number, True)
            assert before.count(f'"{key}"') == (number - 1) * (2 if key == "power_w" else 1) + (group == "basis")
    assert line_of(text, "scenarios[2].inputs.nothing") == line_of(text, "scenarios[2].inputs")
    assert line_of(text, "nothing") is None


TEXTS = st.text(st.sampled_from("ab\".[]{}=\\\n#', 1"), max_size=60)


@settings(max_examples=300)
@given(text=st.one_of(TEXTS, TEXTS.map(lambda text: "{" + text)), where=TEXTS)
def test_a_line_is_looked_for_in_anything(text: str, where: str) -> None:
    line = line_of(text, where)
    assert line is None or 1 <= line <= len(text.splitlines())


@settings(max_examples=300)
@given(raw=st.one_of(st.binary(max_size=80), TEXTS.map(str.encode)), end=st.sampled_from(["toml", "json"]))
def test_any_bytes_are_read_or_refused_in_one_line(
    raw: bytes, end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{end}"
    for content in (raw, b"carbontui = 1\n" + raw, b'{"carbontui": 1, ' + raw):
        path.write_bytes(content)
        said = ""
        try:
            read(str(path))
        except FileError as error:
            said = str(error)
        assert said == "" or said.startswith(str(path))
        assert said.isprintable()
