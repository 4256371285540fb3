"""Tables of others become packs: figures in other spellings, and the page that turns a CSV into a pack."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui_registry import quantity, units
from carbontui_registry.checking import check
from carbontui_registry.unit_kinds import KIND_OF
from carbontui_registry.unit_words import WORDS

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
# What a plural or a capital letter makes of a name.
FORMS: tuple[Callable[[str], str], ...] = (str, str.upper, str.title, lambda word: f"{word}s")


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("350 Watt", "power", "350 W"),
        ("350Watts", "power", "350 W"),
        ("0.350 kilowatts", "power", "0.350 kW"),
        ("12 Kilowatt-hours", "energy", "12 kWh"),
        ("23 g CO2-eq / kWh", "factor", "23 gCO2e/kWh"),
        ("0.4 kgCO2eq per kilowatt hour", "factor", "0.4 kgCO2e/kWh"),
        ("5 tonnes of CO2 equivalent", "co2e", "5 tCO2e"),
        ("80 gigabytes", "memory", "80 GB"),
        ("2.5 US dollars per hour", "price", "2.5 USD/hour"),
        ("5 per cent", "share", "5 %"),
        ("1_000 W", "power", "1_000 W"),
        ("1.1", "pue", "1.1"),
    ],
)
def test_a_figure_is_written_as_packs_do(text: str, kind: str, written: str) -> None:
    assert quantity(text, kind) == written
    units.parse(written, kind)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("350 mW", "power", "350 MW or as 0.35 W"),
        ("350 milliwatt", "power", "'350 milliwatt' has an unknown unit"),
        ("1,5 W", "power", "has a comma"),
        ("312 TFLOPS", "throughput", "can mean two things"),
        ("25 gCO2/kWh", "factor", "is CO2 alone"),
        ("80 Gb", "memory", "80 GB or as 10 GB"),
        ("350 kilowatt-hours", "power", "'350 kilowatt-hours' has an unknown unit|is an energy"),
        ("2 dollars", "cost", "has an unknown unit"),
        ("about 3 W", "power", "does not start with a number"),
        ("", "power", "nothing is given"),
    ],
)
def test_what_can_mean_two_things_is_refused_here_too(text: str, kind: str, said: str) -> None:
    with pytest.raises(units.UnitError, match=said):
        quantity(text, kind)


def test_names_of_ones_own_are_taken_as_they_stand() -> None:
    assert quantity("350 W (max.)", "power", {"W (max.)": "W"}) == "350 W"
    with pytest.raises(units.UnitError):
        quantity("350 W (max.)", "power")


@given(st.integers(0, 10**9), st.sampled_from(sorted(WORDS)), st.sampled_from(FORMS))
def test_another_spelling_is_the_same_figure(number: int, word: str, form: Callable[[str], str]) -> None:
    short = WORDS[word]
    kind = KIND_OF[short]
    written = quantity(f"{number} {form(word)}", kind)
    assert units.parse(written, kind) == units.parse(f"{number} {short}", kind)


@given(st.integers(0, 10**6), st.sampled_from(sorted(name for name, kind in KIND_OF.items() if kind in units.KINDS)))
def test_what_packs_read_stays_as_it_is(number: int, unit: str) -> None:
    assert quantity(f"{number} {unit}", KIND_OF[unit]) == f"{number} {unit}"


def test_a_table_of_many_rows_becomes_a_pack(run_python: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    table, pack = tmp_path / "servers.csv", tmp_path / "servers.toml"
    with (EXAMPLES / "servers.csv").open(encoding="utf-8", newline="") as file:
        first, *_ = csv.DictReader(file)
    with table.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, first.keys())
        out.writeheader()
        for number in range(60):
            watts = "350 mW" if number == 7 else f"{300 + number} Watts"
            out.writerow({**first, "id": f"north-{number}", "board power": watts})
    script = str(EXAMPLES / "servers_to_pack.py")
    done = run_python(script, str(table), str(pack), status=1)
    assert re.search(r"servers\.csv, row 9: '350 mW' can be read as", done.stdout)
    assert done.stdout.endswith("servers.toml, 1 rows left out\n")
    found = check(str(pack))
    assert found.counts["hardware"] == 59
    assert not [finding for finding in found.findings if "placeholder" not in finding.what]
