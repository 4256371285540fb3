"""What people type: counts with thousands apart, times of several units and of a clock, masses as limits."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import CLUSTER, SACCT, budget
from textual.widgets import Input
from tui import beside_field, press, rest

from carbontui.cli import main
from carbontui.engine.scenario import ScenarioError
from carbontui.spec import parse_spec
from carbontui.tui.app import CarbonApp
from carbontui.tui.views.typed_limits import read_limits
from carbontui.tui.widgets.form import Form
from carbontui.tui.workspace import first_start
from carbontui_registry.catalogue import Catalogue

JOB = "@8xh100@aws:us-east-1,duration=3 d"
COUNTS = ("chips", "count", "params", "active_params", "trainable", "tokens", "queries")


def entered(key: str, text: str) -> float:
    return dict(parse_spec(f"@h100,{key}={text}").given)[key].value


@given(st.sampled_from(COUNTS), st.integers(1000, 10**15), st.sampled_from([",", " ", "\u00a0", "\u202f", "'", "_"]))
def test_a_count_has_its_thousands_apart(key: str, number: int, gap: str) -> None:
    text = f"{number:,}".replace(",", gap)
    if text.count(",") == 1:
        # It may be one of decimals.
        with pytest.raises(ScenarioError, match="can be read as"):
            entered(key, text)
    else:
        assert entered(key, text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("16,000", "'16,000' can be read as 16000 or as 16.000; write the one you mean"),
        ("16.000", "'16.000' can be read as 16000 or as 16.000; write the one you mean"),
        ("16,00", "has a comma; write the decimal point"),
        ("1,00,000", "has a comma"),
        ("0,125", "has a comma"),
        ("1,000 000", "has a comma"),
        ("1.5", "is not a whole number"),
        ("8 gpus", "chips: '8 gpus' has a unit; write a number, such as 8"),
        ("many", "does not start with a number; write a number, such as 8"),
        ("8 x h100", "write 8, and choose h100 in the field Hardware (in a SPEC: @8xh100)"),
        ("8xH100", "names hardware too"),
    ],
)
def test_a_number_of_chips_that_is_refused_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        entered("chips", text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("params", "write a number, such as 7B or 7e9"),
        ("tokens", "write a number, such as 2T or 2e12"),
        ("chip_hours", "write a number, such as 1.7M or 1.7e6"),
        ("count", "write a number, such as 1000"),
        ("queries", "write a number, such as 1e9"),
    ],
)
@pytest.mark.parametrize("text", ["5 foo", "12 W"])
def test_an_example_of_a_number_is_one_that_is_read(key: str, right: str, text: str) -> None:
    with pytest.raises(ScenarioError) as error:
        entered(key, text)
    assert str(error.value).endswith(f"; {right}")
    for example in right.removeprefix("write a number, such as ").split(" or "):
        entered(key, example)


def test_an_amount_that_may_have_decimals_has_no_comma() -> None:
    for key, text in (("power", "1,300 W"), ("energy", "1,300 kWh"), ("chip_hours", "1,300")):
        with pytest.raises(ScenarioError, match="has a comma"):
            entered(key, text)


@pytest.mark.parametrize(("text", "one"), [("16,000", "16000"), ("8,16,000", "816000")])
def test_chips_of_a_sweep_are_never_cut_at_their_thousands(
    text: str, one: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "--model", "t5", "--hardware", "h100", "--region", "gcp:*", "--chips", text]) == 2
    assert f"chips: '{text}' can be read as {one} or as several numbers" in capsys.readouterr().err


TIMES = {"d": 86_400, "h": 3600, "min": 60, "s": 1}


@given(
    st.dictionaries(st.sampled_from(tuple(TIMES)), st.integers(0, 99), min_size=1),
    st.sampled_from(["", " ", ", ", " and "]),
)
def test_a_time_of_several_units_is_their_sum(parts: dict[str, int], gap: str) -> None:
    text = gap.join(f"{parts[unit]} {unit}" for unit in TIMES if unit in parts)
    seconds = sum(TIMES[unit] * number for unit, number in parts.items())
    if seconds:
        assert entered("duration", text) == pytest.approx(float(Fraction(seconds, 3600)), rel=1e-15)


@given(st.integers(0, 999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_a_time_is_read_as_slurm_writes_it(days: int, hours: int, minutes: int, seconds: int) -> None:
    rest = minutes * 60 + seconds
    if days or hours or rest:
        expected = pytest.approx(float(Fraction((days * 24 + hours) * 3600 + rest, 3600)), rel=1e-15)
        assert entered("duration", f"{days}-{hours:02}:{minutes:02}:{seconds:02}") == expected
        assert entered("duration", f"{days * 24 + hours}:{minutes:02}:{seconds:02}") == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 dayz", "'3 dayz' has an unknown unit; did you mean days?"),
        ("3 huors", "did you mean hours?"),
        ("4 hours 3 days", "write each unit once, the longest first, like '3 d 4 h'"),
        ("3 d 4 d", "write each unit once"),
        ("3 d 4 hoors", "'4 hoors' has an unknown unit; did you mean hours?"),
        ("72:00", "can be read as 72 h 0 min or as 72 min 0 s"),
        ("72:60:00", "is not a time; write hours:minutes:seconds like '72:00:00', with days like '3-04:00:00'"),
        ("3-24:00:00", "is not a time"),
    ],
)
def test_a_duration_that_is_refused_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        entered("duration", text)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("200 kg", {"max_gross": 0.2}),
        ("200kg", {"max_gross": 0.2}),
        ("5 t", {"max_gross": 5.0}),
        ("500 grams", {"max_gross": 0.0005}),
        ("30 days", {"max_days": 30.0}),
        ("3 days 4 hours", {"max_days": 76 / 24}),
        ("3-04:00:00", {"max_days": 76 / 24}),
        ("16 000 chips", {"max_chips": 16000.0}),
        ("EU 30 days", {"max_days": 30.0, "within": ("EU",)}),
        ("30 d EU 5000 USD 1 t", {"max_days": 30.0, "within": ("EU",), "max_cost": 5000.0, "max_gross": 1.0}),
        ("United Kingdom 3 d", {"max_days": 3.0, "within": ("United Kingdom",)}),
        ("EU,30 d,500 USD", {"max_days": 30.0, "within": ("EU",), "max_cost": 500.0}),
    ],
)
def test_limits_as_people_type_them(catalogue: Catalogue, text: str, limits: dict[str, object]) -> None:
    read, _ = read_limits(text, catalogue)
    known = {name: getattr(read, name) for name in (*read.__slots__,) if getattr(read, name) not in (None, ())}
    assert known == limits


def test_what_is_kept_needs_no_comma_either(catalogue: Catalogue) -> None:
    limits, keep = read_limits("EU keep hardware region 5 t", catalogue)
    assert (limits.within, limits.max_gross, keep) == (("EU",), 5.0, ("hardware", "region"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EU 30 dayz", "'30 dayz' has an unknown unit; did you mean days?"),
        ("30 Days", "has the wrong capital letters; write '30 days'"),
        ("5,000 USD", "has a comma"),
        ("30", "'30' has no unit; write it like EU, 30 d"),
        ("300 W", "'300 W' is not a limit; write it like EU, 30 d"),
        ("1 tCO2", "only if the source says CO2e, write '1 tCO2e'"),
        ("30 d, 20 d", "'20 d' is a second limit of the same kind"),
    ],
)
def test_a_limit_that_is_refused_says_what_to_write(catalogue: Catalogue, text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_limits(text, catalogue)
    assert said in str(error.value)


@pytest.mark.parametrize(("text", "kilograms"), [("300kg", 300), ("300 kg", 300), ("5 t", 5000)])
def test_a_budget_may_be_a_bare_mass(text: str, kilograms: float, capsys: pytest.CaptureFixture[str]) -> None:
    main(["budget", "@8xh100@germany,duration=3 d", "--gross", text, "--format", "json"])
    assert json.loads(capsys.readouterr().out)["budget"] == {"gross_kgco2e": kilograms}


def test_a_limit_of_the_command_line_may_be_a_bare_mass(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for limit in ("200kg", "200 kgCO2e"):
        arguments = ["--model", "@8xh100,duration=3 d", "--region", "gcp:*", "--max-gross", limit]
        assert main(["sweep", *arguments, "--format", "json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]


@pytest.mark.parametrize("option", ["--max-gross", "--max-net", "--max-energy", "--gross", "--net", "--energy"])
def test_a_limit_of_co2e_or_energy_needs_its_unit(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    job = "@8xh100@germany,duration=3 d"
    command = ["sweep", "--model", job, "--region", "gcp:*"] if option.startswith("--max") else ["budget", job]
    assert main([*command, option, "10"]) == 2
    assert f"{option}: '10' has no unit; write one, like '10 k" in capsys.readouterr().err


def test_the_budget_of_a_ledger_may_be_a_bare_mass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for limit in ("900 kg", "900 kgCO2e"):
        path = budget(tmp_path, f"limit = '{limit}'\nfrom = 2026-01-01\nto = 2026-01-31\n")
        assert main(["ledger", SACCT, "--cluster", CLUSTER, "--budget", path]) in (0, 1)
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_a_figure_of_a_source_says_which_gas_its_mass_is_of() -> None:
    with pytest.raises(ScenarioError, match="does not say which gas is meant"):
        entered("embodied", "150 kg")


@pytest.mark.parametrize(
    ("field", "texts", "said"),
    [("chips", ("16", "16,", "16,00"), "has a comma"), ("duration", ("9 d", "9 dayz"), "did you mean days?")],
)
async def test_what_is_refused_leaves_the_job_as_it_was(
    catalogue: Catalogue, field: str, texts: tuple[str, ...], said: str
) -> None:
    app = CarbonApp(catalogue, first_start().replace(job=parse_spec(JOB), tab="plan"))
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        plan = app.screen
        plan.query_one(Form).go_to(field)

        def footprint() -> str:
            panel = plan.query_one("#footprint")
            return "\n".join(panel.render_line(y).text for y in range(panel.size.height))

        before, seen = footprint(), []
        await press(pilot, "enter")
        for text in texts:
            app.screen.query_one(Input).value = text
            await rest(pilot)
            seen.append(footprint())
        hint, refused = beside_field(app)
        assert refused
        assert said in hint
        # What is taken is shown, and what is refused is not.
        assert seen[0] != before
        assert seen[-1] == before
