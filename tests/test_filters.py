"""`list` by words and conditions: what they mean, and what is wrong with one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from carbontui.text.filters import WrongFilter, matching
from carbontui.text.records import list_row
from carbontui_registry.catalogue import Catalogue

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def ids(catalogue: Catalogue, kind: str, *words: str) -> set[str]:
    return {one.id for one in matching(catalogue.all(kind), words, catalogue)}


@pytest.mark.parametrize(
    ("condition", "key", "holds"),
    [
        ("tdp>500 W", "tdp_w", lambda value: value > 500),
        ("tdp>0.5kW", "tdp_w", lambda value: value > 500),
        ("tdp<=300", "tdp_w", lambda value: value <= 300),
        ("memory>=100 GiB", "memory_gib", lambda value: value >= 100),
        ("year>=2023", "year", lambda value: value >= 2023),
        ("year=2020", "year", lambda value: value == 2020),
        ("peak_bf16>1e15 FLOP/s", "peak_bf16_flop_per_s", lambda value: value > 1e15),
        ("vendor:amd", "vendor", lambda value: value == "AMD"),
        ("vendor!=nvidia", "vendor", lambda value: value != "NVIDIA"),
    ],
)
def test_a_condition_on_hardware(catalogue: Catalogue, condition: str, key: str, holds: Callable[..., bool]) -> None:
    rows = {one.id: list_row(one) for one in catalogue.all("hardware")}
    wanted = {name for name, row in rows.items() if key in row and holds(row[key])}
    assert wanted
    assert ids(catalogue, "hardware", condition) == wanted


def test_conditions_and_words_must_all_hold(catalogue: Catalogue) -> None:
    both = ids(catalogue, "hardware", "nvidia", "tdp>500 W", "year>=2023")
    assert "h100-sxm5-80" not in both
    assert {"b200", "h200-sxm"} <= both
    assert both == ids(catalogue, "hardware", "tdp>500 W") & ids(catalogue, "hardware", "year>=2023", "nvidia")


def test_power_is_what_is_known_of_it(catalogue: Catalogue) -> None:
    known = {one.id: one.record.power for one in catalogue.all("hardware")}
    found = ids(catalogue, "hardware", "power>=1000 W")
    assert found
    for name in found:
        figure = known[name].mean or known[name].tdp
        assert figure.value >= 1000


@pytest.mark.parametrize(
    "line",
    [
        "power > 500 W and year >= 2023",
        "power>500 W, year>=2023",
        "power>500 W,year>=2023",
        "POWER > 0.5kW AND year ≥ 2023",
        "power > 500 && year => 2023",
    ],
)
def test_conditions_as_people_write_them(catalogue: Catalogue, line: str) -> None:
    wanted = ids(catalogue, "hardware", "power>500 W", "year>=2023")
    assert wanted
    assert ids(catalogue, "hardware", line) == ids(catalogue, "hardware", *line.split()) == wanted
    assert ids(catalogue, "hardware", f"nvidia and {line}") == ids(catalogue, "hardware", line, "nvidia") < wanted


def test_and_is_a_word_of_names_too(catalogue: Catalogue) -> None:
    assert "grid:tt" in ids(catalogue, "region", "trinidad and tobago") & ids(catalogue, "region", "tobago", "gross>0")
    assert ids(catalogue, "region", "country:trinidad and tobago") == ids(catalogue, "region", "country:tt")


@pytest.mark.parametrize("word", ["germany", "country:de", "country:germany", "country=DE"])
def test_countries_by_their_english_names(catalogue: Catalogue, word: str) -> None:
    assert {"gcp:europe-west3", "aws:eu-central-1", "grid:de"} <= ids(catalogue, "region", word)
    assert "grid:fr" not in ids(catalogue, "region", word)


def test_regions_by_the_town_and_state_that_they_are_in(catalogue: Catalogue) -> None:
    assert {"azure:eastus", "gcp:us-east4", "aws:us-east-1"} <= ids(catalogue, "region", "virginia")
    assert "azure:germanywestcentral" in ids(catalogue, "region", "frankfurt")
    assert ids(catalogue, "region", "location:richmond") == ids(catalogue, "region", "richmond")


@pytest.mark.parametrize(("word", "provider"), [("google", "gcp"), ("amazon", "aws"), ("Microsoft", "azure")])
def test_regions_by_what_people_call_their_provider(catalogue: Catalogue, word: str, provider: str) -> None:
    of_it = {one.id for one in catalogue.all("region") if one.record.provider == provider}
    assert of_it
    assert of_it <= ids(catalogue, "region", word)


def test_what_is_unknown_fits_no_condition(catalogue: Catalogue) -> None:
    without = {one.id for one in catalogue.all("region") if "pue" not in list_row(one)}
    assert without
    assert without.isdisjoint(ids(catalogue, "region", "pue<9") | ids(catalogue, "region", "pue>=1"))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("tpd>500", "did you mean tdp?"),
        ("tdp>5 kg", "has an unknown unit"),
        ("vendor>amd", "text cannot be compared with >"),
        ("year>=soon", "'soon' is not a number"),
        ("power > 500 watts and year >= 2023", "write '500 W'"),
        ("power over 500 and year >= 2023", "write conditions like power>500 W and year>=2023"),
        ("power >", "write conditions like power>500 W and year>=2023"),
        ("power > 500 or year >= 2023", "'or' cannot join conditions"),
    ],
)
def test_what_is_wrong_with_a_condition(catalogue: Catalogue, word: str, said: str) -> None:
    with pytest.raises(WrongFilter) as error:
        ids(catalogue, "hardware", word)
    assert said in str(error.value)


def test_an_id_is_no_condition(catalogue: Catalogue) -> None:
    assert ids(catalogue, "region", "gcp:europe-west3") == {"gcp:europe-west3"}
    # A region has a field of that name, too.
    assert ids(catalogue, "region", "grid:de") == {"grid:de"}


def test_the_command_line(run_python: Run) -> None:
    done = run_python("-m", "carbontui", "list", "hardware", "tdp>500 W", "vendor:amd", "--format", "json")
    rows = json.loads(done.stdout)
    assert rows
    assert all(row["vendor"] == "AMD" and row["tdp_w"] > 500 for row in rows)
    wrong = run_python("-m", "carbontui", "list", "hardware", "tpd>500", status=2)
    assert wrong.stderr.startswith("carbontui: tpd>500: tpd is not a field; did you mean tdp?")
