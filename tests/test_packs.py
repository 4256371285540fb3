"""Packs: records as TOML, each mistake by file and line."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui_registry import CarbonFactor, Figure, Hardware, InvalidPack, InvalidRecord, Source, load_pack

CONTRACTS_EXAMPLE = """\
pack = 1
[source]
title = "Acme X1 datasheet, rev. 3"
[[hardware]]
id = "acme-x1"
name = "Acme X1"
power = {tdp = "350 W", mean = {value = "280 W", basis = "measured", spread = "5 %"}}
peak = {bf16 = "400 TFLOP/s"}
"""
HEAD = 'pack = 1\n[source]\ntitle = "Sheet"\n'
REGION = HEAD + '[[region]]\nid = "r"\nname = "R"\n'


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(text: str | bytes) -> Path:
        path = tmp_path / "acme.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(InvalidPack) as caught:
        load_pack(path)
    assert str(path) in str(caught.value)
    return caught.value.problems


def test_the_contracts_example(pack: Callable[[str], Path]) -> None:
    sheet = Source("Acme X1 datasheet, rev. 3")
    (x1,) = load_pack(pack(CONTRACTS_EXAMPLE)).hardware
    assert isinstance(x1, Hardware)
    assert x1.power.mean == Figure(280.0, "measured", 0.05, sheet)
    assert (x1.peak["bf16"].value, x1.source) == (4e14, sheet)


def test_all_four_kinds_and_tables_in_tables(pack: Callable[[str], Path]) -> None:
    found = load_pack(
        pack(
            REGION
            + 'source = {title = "Its own"}\n[[region.factors]]\nperiod = "2024"\ngross = "23 gCO2e/kWh"\n'
            + '[[region.factors]]\nperiod = "2025"\nnet = {value = "5 gCO2e/kWh", source = {title = "Net"}}\n'
            + '[[model]]\nid = "m"\nname = "M"\nparams = 7_000_000_000\n'
            + '[[run]]\nmodel = "m"\nhardware = "h"\nchips = 8\nduration = "24 d"\n'
        )
    )
    (region,), (model,), (run,) = found.regions, found.models, found.runs
    assert found.hardware == []
    assert region.factors == (
        CarbonFactor("2024", Figure(23.0, "published", None, Source("Its own")), None, source=Source("Its own")),
        CarbonFactor("2025", None, Figure(5.0, "published", None, Source("Net")), source=Source("Its own")),
    )
    assert model.params == Figure(7e9, "published", None, Source("Sheet"))
    assert (run.id, run.source) == ("m/h", Source("Sheet"))


def test_a_path_as_text_as_path_and_in_an_archive(pack: Callable[[str], Path], tmp_path: Path) -> None:
    path = pack(CONTRACTS_EXAMPLE)
    with zipfile.ZipFile(tmp_path / "acme.zip", "w") as archive:
        archive.write(path, "data/acme.toml")
    ways: list[Any] = [path, str(path), zipfile.Path(tmp_path / "acme.zip") / "data" / "acme.toml"]
    first, *others = [load_pack(way).hardware for way in ways]
    assert first
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            CONTRACTS_EXAMPLE.replace("350 W", "350 Wh"),
            "acme.toml, line 7: power.tdp: '350 Wh' is an energy",
        ),
        (
            CONTRACTS_EXAMPLE.replace('"350 W"', "350"),
            "acme.toml, line 7: power.tdp: 350 has no unit; write it as text, such as '350 W'",
        ),
        (CONTRACTS_EXAMPLE.replace("peak", "peek"), "acme.toml, line 8: peek: unknown key; did you mean peak?"),
        (CONTRACTS_EXAMPLE.replace("acme-x1", "Acme"), "acme.toml, line 5: id: 'Acme' is not an id"),
        (CONTRACTS_EXAMPLE.replace('name = "Acme X1"\n', ""), 'acme.toml, line 4: name: is missing; add name = "…"'),
        (REGION + "self = 1\n", "acme.toml, line 7: self: unknown key"),
        (REGION + "pue = 2025-01-01\n", "acme.toml, line 7: pue: a date is not a quantity"),
        (
            REGION + '[[region.factors]]\nperiod = "2025"\ngross = "5 g/kWh"\n',
            "acme.toml, line 9: factors[1].gross: '5 g/kWh' does not say which gas is meant",
        ),
        (REGION + '[[regions]]\nid = "x"\n', "line 7: 'regions' is not known; did you mean region?"),
        (
            REGION.replace("[[region]]", "[region]"),
            "line 4: [region] has single brackets; write [[region]], once for each",
        ),
        ("pack = 1\nhardware = 5\n", "line 2: hardware is not written as tables; write [[hardware]], once for each"),
        (REGION.removeprefix("pack = 1"), "line 1: pack: needs the version of the format; write 'pack = 1'"),
        ("pack = true\n", "line 1: pack: needs the version of the format"),
        ('pack = "1"\n', "line 1: pack: needs the version of the format"),
        ("pack = 0\n", "line 1: pack: needs the version of the format"),
        ("pack = 1\nx = \n", "is not TOML: Invalid value (at line 2, column 5)"),
        ("pack = 1\nx = 1\nx = 2\n", "is not TOML: Cannot overwrite a value"),
        (f"pack = {'9' * 5000}\n", "is not TOML: Exceeds the limit"),
        (f"pack = 1\nx = {'[' * 10000}", "is nested too deeply"),
        (b'pack = 1\n[source]\ntitle = "Lule\xe5"\n', "line 3: is not UTF-8"),
        (
            REGION.replace('"R"', f'"{"R" * 201}"'),
            "region 1: line 4: name: text of 201 characters; at most 200 are allowed",
        ),
    ],
)
def test_what_is_wrong_is_named(pack: Callable[[str | bytes], Path], text: str | bytes, said: str) -> None:
    (problem,) = problems_of(pack(text))
    assert said in problem


# What a pack's author may write, the key first that is wrong, and what is said of it.
WRITTEN_OTHERWISE = [
    ('power = "800 W"', """power: '800 W' is not a table; write power = {tdp = "800 W"}"""),
    ("power = 800", 'power: 800 is not a table; write power = {tdp = "350 W"}'),
    ("power = {}", "power: has neither tdp nor mean nor node_mean"),
    ('power = {tdp = {basis = "measured"}}', 'power.tdp: has no value; add value = "300 W"'),
    ('source = "Some blog"', """source: 'Some blog' is not a table; write source = {title = "Some blog"}"""),
    ("source = {year = 2026}", 'source: has no title; add title = "…"'),
    ('source = {title = "S", year = "2024"}', "source.year: '2024' is text; write the year without quotes: 2024"),
    ('year = "2300"', "year: '2300' is not a year such as 2026"),
    ("name = 7", 'name: 7 is not text; put it in quotes: "7"'),
    ("name = true", 'name: true is not text; put it in quotes: "true"'),
    ('peak = "400 TFLOP/s"', 'is not a table of throughputs by precision; write peak = {bf16 = "400 TFLOP/s"}'),
    ('aliases = "x1"', """aliases: 'x1' is not a list; write aliases = ["x1"]"""),
    ("memory = {}", "memory: has no value; add value ="),
    ("memory = [80]", "memory: a list is not a quantity; write text such as"),
    ("memory = true", "memory: true is not a quantity; write text such as"),
    ("kind = false", "kind: false is not allowed; use gpu, tpu or other"),
]
PLACES_WRITTEN_OTHERWISE = [
    ('factors = {period = "2025"}', 'factors: a table is not a list; write factors = [{period = "2025", gross ='),
    ("factors = {}", 'gCO2e/kWh"}], or [[region.factors]] for each'),
    ("factors = [5]", 'factors[1]: 5 is not a table; write {period = "2025", gross = "'),
    ("factors = [{period = 2024, pue = 1.1}]", 'factors[1].period: 2024 is not a period; put it in quotes: "2024"'),
    ("factors = [{pue = 1.1}]", 'factors[1]: has no period; add period = "2025"'),
    ('factors = [{period = "2024", pue = 1.1, includes_td = "true"}]', "write true or false without quotes"),
    ('latitude = "66"', "latitude: '66' is not a number of degrees from -90 to 90; write it without quotes"),
    ("shares = 5", 'shares: 5 is not a table; write shares = {hydro = "41 %", wind = "25 %"}'),
]


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        *(("hardware", *one) for one in WRITTEN_OTHERWISE),
        *(("region", *one) for one in PLACES_WRITTEN_OTHERWISE),
    ],
)
def test_an_author_is_told_what_to_write_and_nothing_of_python(
    pack: Callable[[str], Path], kind: str, line: str, said: str
) -> None:
    key = line.split(" ")[0]
    others = [f"{name} = {value}" for name, value in (("id", '"a"'), ("name", '"A"')) if name != key]
    (problem,) = problems_of(pack("\n".join([HEAD + f"[[{kind}]]", *others, line]) + "\n"))
    assert said in problem
    assert not re.search(r"\b(dict|list of|None|True|False|PowerProfile|Source|CarbonFactor|Shares)\b", problem)


def test_what_is_missing_is_shown_as_it_is_written(pack: Callable[[str], Path]) -> None:
    problems = [p.partition("toml, line 2: ")[2] for p in problems_of(pack("pack = 1\n[[measurement]]\n"))]
    assert problems == [
        'hardware: is missing; add hardware = "…"',
        'power: is missing; add power = "300 W"',
        'boundary: is missing; add boundary = "accelerator", "node" or "system"',
        'source: is missing; add source = {title = "…"} to this record, or a [source] table below pack = 1',
    ]


def test_a_factor_is_counted_from_one_and_found_in_its_line(pack: Callable[[str], Path]) -> None:
    factors = "".join(f'[[region.factors]]\nperiod = "{2023 + n}"\ngross = "{n} g/kWh"\n' for n in (1, 2))
    said = [problem.split(": '")[0] for problem in problems_of(pack(REGION + factors))]
    assert said == ["acme.toml, line 9: factors[1].gross", "acme.toml, line 12: factors[2].gross"]


def test_all_problems_of_all_records_are_listed(pack: Callable[[str], Path]) -> None:
    text = HEAD + "".join(f'[[region]]\nid = "r{n}"\nname = "R"\npue = 0.{n}\ncontry = "SE"\n' for n in range(1, 4))
    lines = [problem.split(": ")[0] for problem in problems_of(pack(text + '[[modle]]\nid = "x"\n[[runs]]\n'))]
    assert sorted(lines) == sorted(["line 19", "line 21", *(f"acme.toml, line {n}" for n in (7, 8, 12, 13, 17, 18))])


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none.toml") == (
        "cannot be read: No such file or directory; check its name and who may read it",
    )
    assert problems_of(tmp_path) == ("cannot be read: Is a directory; check its name and who may read it",)


def test_an_invalid_pack_is_an_invalid_record(tmp_path: Path) -> None:
    with pytest.raises(InvalidRecord, match=r"none\.toml"):
        load_pack(str(tmp_path / "none.toml"))


def test_of_a_newer_pack_the_unknown_is_warned_of_and_the_known_is_taken(pack: Callable[[str], Path]) -> None:
    newer = CONTRACTS_EXAMPLE.replace("pack = 1", "pack = 2") + 'shine = "5 lm"\n[[cooling]]\nid = "c"\n'
    found = load_pack(pack(newer))
    assert found.hardware[0].power.tdp == Figure(350.0, "published", None, Source("Acme X1 datasheet, rev. 3"))
    assert found.hardware[0].warnings == ("shine: not known to this version of carbontui; ignored",)
    assert found.warnings == (
        "acme.toml: is written for contract 2; this carbontui supports 1",
        "acme.toml, line 10: 'cooling' is not known; ignored",
    )


def test_of_a_newer_pack_a_wrong_figure_is_still_refused(pack: Callable[[str], Path]) -> None:
    (problem,) = problems_of(pack(CONTRACTS_EXAMPLE.replace("pack = 1", "pack = 2").replace("350 W", "350 Wh")))
    assert "power.tdp" in problem


def test_a_mark_at_the_start_of_the_file_is_no_content(pack: Callable[[bytes], Path]) -> None:
    assert load_pack(pack(b"\xef\xbb\xbf" + CONTRACTS_EXAMPLE.encode())).hardware


def test_keys_cannot_steer_a_terminal(pack: Callable[[str], Path]) -> None:
    problems = problems_of(pack(REGION + '"\\u001b[2J" = 1\n["\\u001b[31m"]\n'))
    assert len(problems) == 2
    assert all("\x1b" not in problem for problem in problems)
