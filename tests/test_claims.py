"""Every ratio that the page on the abstract's claims names, computed anew by the command lines that it names."""

from __future__ import annotations

import io
import json
import math
import re
import shlex
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from carbontui.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "claims.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ carbontui (.*)$", PAGE, re.MULTILINE)
TEXT = re.sub(r"^```.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL)

US = 'sweep --model transformer-big --hardware v100 --marked --region "gcp:us-*" --accounting direct'
DIRECT = "sweep --model transformer-big --hardware v100 --marked --accounting direct --region"
PUE = "sweep --model transformer-big --hardware v100 --marked --objective energy --region"
FIGURE_1 = "sweep --model transformer-big evolved-transformer-medium"
SITES = COMMANDS[1]
CHIPS = "sweep --model gpt-3 --region gcp:europe-north1 --objective energy --hardware"
TPU = "compare transformer-big@tpu-v2@paper:google-iowa transformer-big@p100@paper:google-iowa --metric energy"
RATES = "compare gpt-3 meena gshard-600b --rates"
STEPS = next(one for one in COMMANDS if "nor mechanization" in one)
SPARSE = "compare gshard-600b gpt-3 --metric net"


@pytest.fixture(scope="module")
def run() -> Any:
    """What a command line gives as JSON; each line is run once for all tests here."""

    @cache
    def made(line: str) -> Any:
        with redirect_stdout(io.StringIO()) as out:
            assert main([*shlex.split(line), "--format", "json"]) == 0
        return json.loads(out.getvalue())

    return made


def as_named(value: float, named: str) -> bool:
    """Whether a value rounds to the figure as the page prints it."""
    decimals = len(named.partition(".")[2])
    return abs(value - float(named.replace(",", ""))) <= 0.5 * 10.0**-decimals + 1e-9


def assert_named(value: float, named: str) -> None:
    assert as_named(value, named), f"{value} is not {named}"
    assert re.search(rf"(?<![\d.,]){re.escape(named)}(?![\d]|[.,]\d)", TEXT), f"{named} is not on the page"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (US, "7.47"),
        (f'{DIRECT} "gcp:*" --within CA', "10.7"),
        (f'{DIRECT} "aws:us-*"', "1.99"),
        (f'{DIRECT} "azure:*" --within US', "3.78"),
        ('sweep --model transformer-big --hardware v100 --marked --region "gcp:us-*"', "6.88"),
        (f'{PUE} "gcp:*" "aws:*" "azure:*"', "1.36"),
        (f'{PUE} "gcp:*"', "1.08"),
        (f'{PUE} "azure:*"', "1.22"),
        (f'{PUE} "aws:*"', "1.36"),
        (f"{CHIPS} v100 a100", "2.65"),
        (f"{CHIPS} v100 a100 h100", "3.68"),
        (f'{FIGURE_1} --region "gcp:us-*" --accounting direct', "113"),
        (f'{FIGURE_1} --region "gcp:us-*" --accounting direct --hardware p100 tpu-v2 v100 a100 h100', "185"),
        ("sweep --model gpt-3", "348"),
        (FIGURE_1, "4,821"),
        ("sweep --model gpt-3 gshard-600b", "8,214"),
    ],
)
def test_a_sweep_goes_from_its_least_to_so_many_times_that(line: str, named: str, run: Any) -> None:
    found = run(line)["sweep"]
    metric = {"gross": "gross_kgco2e", "energy": "energy_kwh"}[found["objective"]]
    assert_named(found["worst"] / found["best"][0][metric], named)


@pytest.mark.parametrize(
    ("line", "metric", "over", "under", "named"),
    [
        (SITES, "net_kgco2e", 1, 0, "5.36"),
        (SITES, "net_kgco2e", 2, 0, "5.39"),
        (SITES, "net_kgco2e", 1, 3, "9.3"),
        (COMMANDS[2], "energy_kwh", 1, 0, "1.43"),
        (COMMANDS[2], "energy_kwh", 1, 2, "1.49"),
        (TPU, "energy_kwh", 1, 0, "5.59"),
        (TPU, "duration_h", 1, 0, "4.32"),
        (STEPS, "net_kgco2e", 1, 0, "1.32"),
        (STEPS, "net_kgco2e", 2, 1, "5.59"),
        (STEPS, "net_kgco2e", 3, 2, "1.43"),
        (STEPS, "net_kgco2e", 4, 3, "5.36"),
        (STEPS, "net_kgco2e", 4, 0, "56.5"),
        (STEPS, "energy_kwh", 5, 0, "6.16"),
        (SPARSE, "net_kgco2e", 1, 0, "130"),
        (SPARSE, "gross_kgco2e", 1, 0, "115"),
    ],
)
def test_a_comparison_gives_the_ratio(line: str, metric: str, over: int, under: int, named: str, run: Any) -> None:
    results = [one["results"] for one in run(line)["scenarios"]]
    assert_named(results[over][metric] / results[under][metric], named)


def test_gross_of_iowa_is_so_many_times_its_net(run: Any) -> None:
    iowa = run(SITES)["scenarios"][0]["results"]
    assert_named(iowa["gross_kgco2e"] / iowa["net_kgco2e"], "5.98")


@pytest.mark.parametrize(("tpu", "named"), [(1, "1.98"), (2, "2.28")])
def test_a_joule_buys_more_on_tpu_v3_than_on_v100(tpu: int, named: str, run: Any) -> None:
    rates = [one["rates"]["flop_per_joule"] for one in run(RATES)["scenarios"]]
    assert_named(rates[tpu] / rates[0], named)


def test_the_ends_of_the_sweeps_are_those_named(run: Any) -> None:
    places = run(US)["sweep"]
    assert places["best"][0]["region"] == "gcp:us-west1"
    dirtiest = run(f"{DIRECT} gcp:us-east1")["sweep"]
    assert dirtiest["best"][0]["gross_kgco2e"] == places["worst"]
    world = run("sweep --model gpt-3")["sweep"]
    assert (world["best"][0]["hardware"], world["best"][0]["region"]) == ("gb200", "azure:canadaeast")
    sites = run(f'{PUE} "gcp:*" "aws:*" "azure:*"')["sweep"]["best"][0]
    assert sites["region"] == "gcp:europe-west4"


def test_the_best_cell_may_be_so_many_times_as_much(run: Any) -> None:
    (one,) = run("sweep --model gpt-3 --top 1")["scenarios"]
    low, high = one["interval90"]["gross_kgco2e"]
    assert_named(high / one["results"]["gross_kgco2e"], "2.9")
    assert as_named(one["results"]["gross_kgco2e"] / low, "2.9")


def test_the_product_of_the_papers_ranges_and_its_printed_ratio_are_those_of_verify(run: Any) -> None:
    every = [check for check in run("verify") if check["system"] == "all choices"]
    assert [check["computed"] for check in every] == ["140 to 1,000x", "up to 128x"]
    assert math.prod((5, 1.4, 2, 10)) == 140
    assert math.prod((10, 2, 5, 10)) == 1000
    assert "makes 140 to 1000." in TEXT
    assert "gives 128," in TEXT


def test_the_table_at_the_top_has_no_ratio_that_the_page_does_not_explain() -> None:
    table = [line for line in TEXT.splitlines() if line.startswith("| ")][1:]
    rest = TEXT[TEXT.index("## Location") :]
    for line in table:
        for figure in re.findall(r"\d[\d,.]*\d", " ".join(line.split("|")[2:])):
            assert figure in rest, figure


def test_the_commands_of_these_tests_are_those_of_the_page() -> None:
    shown = {re.sub(r" --top \d+$", "", one) for one in COMMANDS}
    country = f'{FIGURE_1} --region "gcp:us-*" --accounting direct'
    clouds = f'{PUE} "gcp:*" "aws:*" "azure:*"'
    generations = "sweep --model gpt-3 --hardware v100 a100 h100 --region gcp:europe-north1 --objective energy"
    tested = {US, SITES, COMMANDS[2], clouds, TPU, RATES, generations, STEPS, SPARSE, country, "sweep --model gpt-3"}
    assert shown == tested
