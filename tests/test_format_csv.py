"""CSV: every figure comes back with its unit, and a spreadsheet keeps every text."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from anything import ANY_SPEC
from exports import NASTY, TEXTS, WALK, compared, text_of, unguarded
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.engine.scenario import ScenarioError
from carbontui.formats.csv_file import COLUMNS, NUMBERS, cell, table
from carbontui.formats.csv_file import rows as csv_rows
from carbontui.formats.document import dump
from carbontui.quantities import ACCOUNTINGS, METRICS, QUANTITIES
from carbontui.spec import PAPER_RUNS, parse_spec
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.text import clean


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
    frame = pandas.read_csv(io.StringIO(text_of("csv", walk, catalogue)))
    for n, one in enumerate(walk.scenarios):
        for key, result in one.results.items():
            # The reader of some versions is off by the last bit.
            assert frame[key][n] == pytest.approx(result.value, rel=1e-15)
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
