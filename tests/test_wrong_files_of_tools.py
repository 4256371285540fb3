"""Wrong files of other tools: each is refused in one line that says where and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbontui.cli import main
from carbontui.importers import IMPORTERS as KINDS

# Importers: kind, what is in the file, what is said behind its name.
LOG = "timestamp, power.draw [W]\n2026/01/31 12:00:00, 60 W\n"
FORM = "hardware,hours,chips,region\nA100,10,8,FRA\n"
REPORT = '{"measures": [\n{"powerConsumption": %s}]}'
KWH = "measures[1].powerConsumption"
LOGS: list[tuple[str, str, str | bytes, str]] = [
    *((f"{kind}, empty", kind, "", ": is empty; ") for kind in KINDS if kind != "boamps"),
    *(
        (f"{kind}, other", kind, "a;b\n1;2\n", ", line 1: has no column ")
        for kind in KINDS
        if kind not in ("boamps", "carbontracker", "dcgm")
    ),
    ("dcgm, other", "dcgm", "a;b\n1;2\n", ", line 1: is neither output of dcgmi dmon nor a scrape of dcgm-exporter"),
    *(
        (f"{kind}, UTF-16", kind, FORM.encode("utf-16"), ", line 1: is in UTF-16; save it as UTF-8 text")
        for kind in KINDS
    ),
    *((f"{kind}, NUL", kind, "\0\0", ", line 1: is in UTF-16; save it as UTF-8 text") for kind in KINDS),
    ("no report", "boamps", "a,b\n", ", line 1: is not a BoAmps report: expected JSON that begins with a brace"),
    ("report, wrong JSON", "boamps", '{"measures":\n]', ", line 2: is not JSON: ']': Expecting value"),
    ("report, type", "boamps", REPORT % '"1 kWh"', f", line 2: {KWH}: '1 kWh' must be a number from 0 to 1e+15"),
    ("report, nan", "boamps", REPORT % "NaN", f", line 2: {KWH}: nan must be a number from 0 to 1e+15"),
    (
        "report, huge",
        "boamps",
        REPORT % f"1{'0' * 400}",
        f", line 2: {KWH}: a number of 401 digits must be a number from",
    ),
    ("report, huger", "boamps", REPORT % f"1{'0' * 5000}", ", line 2: a number has more than 4,300 digits"),
    ("report, deep", "boamps", '{"measures":\n' + "[" * 100_000, ", line 2: is nested too deeply"),
    (
        "report, the second",
        "boamps",
        REPORT % '1},\n{"powerConsumption": -1',
        ", line 3: measures[2].powerConsumption: -1 must",
    ),
    (
        "form, Latin-1",
        "mlco2",
        (FORM + "é\n").encode("latin-1"),
        ", line 3: the byte 0xE9 is not UTF-8; save it as UTF-8 text",
    ),
    (
        "form, nan",
        "mlco2",
        FORM.replace("10", "nan"),
        ", line 2, column hours: 'nan' must be a number with a decimal point",
    ),
    ("form, huge", "mlco2", FORM.replace("10", "1e300"), ", line 2, column hours: '1e300' must be at most 1e+15"),
    (
        "form, unit",
        "mlco2",
        FORM.replace("10", "10 h"),
        ", line 2, column hours: '10 h' must be a number with a decimal point",
    ),
    ("form, ragged", "mlco2", FORM + "A100,1\n", ", line 3: has 2 cells but the header has 4; fix or delete this line"),
    ("form, escape", "mlco2", FORM.replace("10", "\x1b[31m1"), ", line 2, column hours: '[31m1' must be a number"),
    ("log, unit", "nvidia-smi", LOG.replace("60 W", "60 kW"), ", line 2, column power.draw: '60 kW' must be a number"),
    (
        "log, no time",
        "nvidia-smi",
        LOG.replace("2026/", ""),
        ", line 2, column timestamp: '01/31 12:00:00' is not a time; nvidia-smi writes 2026/01/31 12:00:00.123",
    ),
    (
        "log, comma",
        "nvidia-smi",
        LOG.replace("60 W", "60,5 W"),
        ", line 2: has 3 cells but the header has 2; fix or delete this line",
    ),
]


@pytest.mark.parametrize(("kind", "content", "says"), [c[1:] for c in LOGS], ids=[c[0] for c in LOGS])
def test_a_wrong_file_of_another_tool(
    kind: str, content: str | bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.log"
    raw = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(raw)
    assert main(["import", kind, str(path), "--format", "toml", "-o", str(tmp_path / "out.toml")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"carbontui: {path}{says}")
    assert said.err.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["a.log"]
    assert path.read_bytes() == raw
