"""The command line: what is asked, what is printed, and what is wrong use."""

from __future__ import annotations

import io
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui import DATA_RELEASE, __version__
from carbontui.cli import main
from carbontui.spec import PAPER_RUNS
from carbontui_registry.catalogue import Catalogue

Capture = pytest.CaptureFixture[str]
FINLAND = "gpt-3@a100@gcp:europe-north1,chips=1024"
NAMES = ["GPT-3", "Switch Transformer", "Meena", "T5", "GShard-600B", "Evolved Transformer NAS"]


def out_of(capsys: Capture, *arguments: str, status: int = 0, err: str | None = "") -> str:
    """What a command prints on stdout; stderr must be `err` unless that is None."""
    assert main(arguments) == status
    said = capsys.readouterr()
    if err is not None:
        assert said.err == err
    return said.out


def json_of(capsys: Capture, *arguments: str, err: str | None = "") -> Any:
    return json.loads(out_of(capsys, *arguments, "--format", "json", err=err))


def refused(capsys: Capture, *arguments: str) -> str:
    """The one message of a command that ends with 2 and prints nothing else."""
    try:
        status: object = main(arguments)
    except SystemExit as exit_:
        status = exit_.code
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.startswith("carbontui: ")
    assert "Traceback" not in said.err
    return said.err


# compare


def test_compare_alone_shows_the_runs_of_the_paper(capsys: Capture) -> None:
    document = json_of(capsys, "compare")
    assert [one["name"] for one in document["scenarios"]] == NAMES
    assert [one["model"] for one in document["scenarios"]] == list(PAPER_RUNS)
    assert document["title"] == "paper-2021"
    table = out_of(capsys, "compare")
    assert [line[2:].split("  ")[0] for line in table.splitlines()[1:7]] == NAMES
    assert out_of(capsys) == table  # no terminal: a table instead of the app


def test_formats_say_the_same(capsys: Capture) -> None:
    assert tomllib.loads(out_of(capsys, "compare", "t5", "--format", "toml")) == json_of(capsys, "compare", "t5")
    assert "T5" in out_of(capsys, "compare", "t5", "--format", "table")


@pytest.mark.parametrize("wanted", ["2", "T5", "t5"])
def test_baseline_by_number_and_name(wanted: str, capsys: Capture) -> None:
    document = json_of(capsys, "compare", "gpt-3", "t5", "--baseline", wanted)
    assert document["baseline"] == "T5"
    assert [one["results"]["gross_ratio_to_baseline"] for one in document["scenarios"]][1] == 1.0


@pytest.mark.parametrize("wanted", ["0", "3", "-1", "T6"])
def test_a_baseline_that_is_not_there(wanted: str, capsys: Capture) -> None:
    assert "write 1 to 2, or GPT-3 and T5" in refused(capsys, "compare", "gpt-3", "t5", f"--baseline={wanted}")


@pytest.mark.parametrize("metric", ["gross", "net", "energy", "duration"])
def test_metric(metric: str, capsys: Capture) -> None:
    assert json_of(capsys, "compare", "t5", "--metric", metric)["metric"] == metric
    assert f"x {metric}" in out_of(capsys, "compare", "t5", "--metric", metric).splitlines()[0]


@pytest.mark.parametrize(("accounting", "factor"), [("as-published", 133.0), ("direct", 127.0), ("lifecycle", 133.0)])
def test_accounting(accounting: str, factor: float, capsys: Capture) -> None:
    document = json_of(capsys, "compare", FINLAND, "--accounting", accounting)
    assert document["accounting"] == accounting
    assert document["scenarios"][0]["inputs"]["gross_gco2e_per_kwh"] == factor
    strict = json_of(capsys, "compare", FINLAND, "--accounting", accounting, "--strict")
    assert strict["accounting"] == (accounting if accounting == "as-published" else f"strict-{accounting}")
    said = f"accounting: {accounting}" in out_of(capsys, "compare", FINLAND, "--accounting", accounting)
    assert said == (accounting != "as-published")


def test_files(capsys: Capture, tmp_path: Path) -> None:
    file = str(tmp_path / "a.toml")
    arguments = ("compare", "gpt-3", "t5", "--baseline", "2", "--metric", "energy", "--format", "toml", "-o", file)
    assert out_of(capsys, *arguments, err=f"wrote {file}\n") == ""
    written = Path(file).read_bytes()
    assert "--force" in refused(capsys, *arguments)
    out_of(capsys, *arguments, "--force", err=None)
    assert Path(file).read_bytes() == written
    document = json_of(capsys, "compare", file)
    assert (document["baseline"], document["metric"]) == ("T5", "energy")
    assert document == tomllib.loads(written.decode())
    mixed = json_of(capsys, "compare", file, "meena", "gpt-3")
    assert [one["name"] for one in mixed["scenarios"]] == ["GPT-3", "T5", "Meena", "GPT-3 (2)"]
    assert mixed["baseline"] == "T5"
    assert out_of(capsys, file) == out_of(capsys, "open", file) == out_of(capsys, "compare", file)
    assert json_of(capsys, "compare", file, "--no-plugins")["scenarios"] == document["scenarios"]


def test_standard_input_and_output(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json_of(capsys, "compare", "t5", "-o", "-")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(document).encode())))
    assert json_of(capsys, "compare", "-") == document


def test_drift_is_said(capsys: Capture, tmp_path: Path) -> None:
    document = json_of(capsys, "compare", "t5")
    document["scenarios"][0]["results"]["energy_kwh"] = 1.0
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document))
    assert main(["compare", str(file), "--format", "json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["scenarios"][0]["results"]["energy_kwh"] > 1
    assert said.err.startswith(f"carbontui: {file}: T5: energy_kwh is 1.0 in the file, 8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compare", "gtp-3"], "no model is called 'gtp-3'; did you mean gpt-3?"),
        (["compare", "gpt-3@a1000"], "no hardware is called 'a1000'; did you mean"),
        (["compare", "gpt-3@@gcp:europe-north9"], "did you mean gcp:europe-north"),
        (["compare", "zzzzzz"], "see: carbontui list models"),
        (["compare", "gpt-3,chip=8"], "did you mean chips?"),
        (["compare", "gpt-3,period=1999"], "has no period 1999; it has 2020"),
        (["compare", "gpt-3", "--metric", "dollars"], "--metric: 'dollars' is not allowed; use gross, net"),
        (["compare", "gpt-3", "--format", "pdf"], "--format: 'pdf' is not allowed; use table"),
        (["compare", "gpt-3", "--frobnicate"], "--frobnicate"),
        (["compare", "t5", "--period", "2020"], "carbontui: --period is not an option of this command\n"),
        (["compare", "nowhere.toml"], "nowhere.toml: No such file"),
        (["compare", "gpt-3", "-o", "nowhere/a.json"], "nowhere/a.json: cannot be written"),
        (["frobnicate"], "frobnicate"),
        (["explain"], "SPEC"),
        (["explain", "gpt-3", "nonsense"], "'nonsense' is not a figure"),
        (["list", "models", "--format", "toml"], "--format: 'toml' is not allowed; use table, json or csv"),
        (["list", "things"], "KIND: 'things' is not allowed; use hardware"),
        (["show", "gtp-3"], "nothing is called 'gtp-3'; did you mean gpt-3?"),
    ],
)
def test_wrong_use(arguments: list[str], says: str, capsys: Capture) -> None:
    assert says in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("spec", "says"),
    [("gemma-1-family", "no hardware; add @HARDWARE or power="), ("xgen-7b@a100", "no region; add @REGION or gross=")],
)
def test_what_is_unknown_is_shown_and_never_refused(spec: str, says: str, capsys: Capture) -> None:
    out = out_of(capsys, "compare", spec)
    assert "–" in out
    assert says in " ".join(out.split())
    (one,) = json_of(capsys, "compare", spec)["scenarios"]
    assert "gross_kgco2e" not in one["results"]
    assert says in one["missing"]["gross"]
    assert main(["compare", spec, "--require", "gross"]) == 1


def test_a_message_cannot_steer_the_terminal(capsys: Capture) -> None:
    assert "\x1b" not in refused(capsys, "compare", "\x1b[31mgpt-3,\x1bx=1")
    assert "\x1b" not in refused(capsys, "compare", "gpt-3@\x1b]0;title\x07")


LONG = [f"{model},name={'A very long name of a scenario ' * 3}{n}" for n, model in enumerate(PAPER_RUNS)]
SITES = ["gpt-3@a100@gcp:europe-north1", "gpt-3@h100@aws:us-east-1", "bloom-176b", "t5,energy=123456789 kWh"]


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("specs", [[], LONG, SITES, SITES * 10, [f"t5,chips={10**n}" for n in range(12)]])
def test_a_table_fits(specs: list[str], columns: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = out_of(capsys, "compare", *specs)
    if columns > 60:
        assert max(map(len, text.splitlines())) <= columns
    header, *rows = text.splitlines()
    assert len([row for row in rows if row.startswith(("◆ ", "  "))]) >= len(specs or PAPER_RUNS)
    for title in ("scenario", "energy", "gross CO2e", "net CO2e"):
        assert title in header


def test_a_table_without_a_terminal_has_no_escapes(capsys: Capture) -> None:
    assert "\x1b" not in out_of(capsys, "compare", FINLAND)
    assert "~" in out_of(capsys, "compare", FINLAND)


@pytest.mark.parametrize(("name", "value", "coloured"), [("", "", True), ("NO_COLOR", "1", False)])
def test_colours_are_for_terminals_that_want_them(
    name: str, value: str, coloured: bool, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    if name:
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in out_of(capsys, "compare", FINLAND)) == coloured


# list, show, plugins, verify


ROWS = {
    "hardware": {"tdp_w", "mean_w", "peak_bf16_flop_per_s", "peak_fp16_flop_per_s", "memory_gib"},
    "regions": {"gross_gco2e_per_kwh", "net_gco2e_per_kwh", "pue", "period", "coverage", "country"},
    "models": {"params", "active_params", "compute_flop", "tokens"},
    "runs": {"chips", "duration_h", "power_w", "energy_kwh", "gross_kgco2e", "model", "hardware"},
}


@pytest.mark.parametrize("kind", ROWS)
def test_list(kind: str, capsys: Capture, catalogue: Catalogue) -> None:
    rows = json_of(capsys, "list", kind)
    single = kind if kind == "hardware" else kind[:-1]
    assert len(rows) == catalogue.counts()[single] > 0
    assert all(set(row) >= {"id", "name", "origin"} for row in rows)
    assert {key for row in rows for key in row} >= ROWS[kind]
    assert all(value is not None for row in rows for value in row.values())
    assert len(out_of(capsys, "list", kind).splitlines()) == len(rows) + 3


def test_list_gives_figures_in_engine_units(capsys: Capture) -> None:
    (v100,) = json_of(capsys, "list", "hardware", "v100-sxm2-32")
    assert (v100["tdp_w"], v100["mean_w"], v100["peak_fp16_flop_per_s"]) == (300, 325, 125e12)
    assert (v100["origin"], v100["aliases"]) == ("carbontui:nvidia", ["v100"])
    (georgia,) = json_of(capsys, "list", "regions", "paper:google-georgia", "carbontui:paper")
    assert (georgia["period"], georgia["gross_gco2e_per_kwh"], georgia["pue"]) == ("2020-10", 403, 1.1)


def test_list_filters_by_all_words(capsys: Capture) -> None:
    everything = json_of(capsys, "list", "regions")
    found = json_of(capsys, "list", "regions", "GCP", "finland")
    assert [row["id"] for row in found] == ["gcp:europe-north1"]
    assert len(json_of(capsys, "list", "regions", "gcp")) < len(everything)
    assert json_of(capsys, "list", "hardware", "x1", "words") == []
    assert main(["list", "hardware", "x1", "words"]) == 0
    assert "no hardware found for 'x1 words'" in capsys.readouterr().err


def test_show(capsys: Capture) -> None:
    document = json_of(capsys, "show", "V100")
    assert (document["record"], document["kind"], document["id"]) == ("hardware", "gpu", "v100-sxm2-32")
    assert document["mean_w"]["value"] == 325
    assert (document["mean_w"]["basis"], document["mean_w"]["spread"]) == ("measured", 0.02)
    assert document["mean_w"]["source"]["id"] == "patterson-2021"
    assert tomllib.loads(out_of(capsys, "show", "v100", "--format", "toml")) == document
    assert "325 W" in out_of(capsys, "show", "v100")
    assert json_of(capsys, "show", "gpt-3/v100-sxm2-32/2020")["chips"] == {
        "value": 10000,
        "basis": "assumed",
        "source": document["mean_w"]["source"],
    }


def test_plugins(capsys: Capture) -> None:
    found = {plugin["name"]: plugin for plugin in json_of(capsys, "plugins")}
    assert {"carbontui:paper", "carbontui:nvidia", "carbontui:regions"} <= set(found)
    assert all(set(plugin) == {"name", "version", "problems", "warnings"} for plugin in found.values())
    assert found["carbontui:paper"] == {
        "name": "carbontui:paper",
        "version": __version__,
        "problems": [],
        "warnings": [],
    }
    text = out_of(capsys, "plugins")
    assert os.environ["CARBONTUI_CACHE"] in text
    assert os.environ["CARBONTUI_CONFIG"] in text


def test_verify(capsys: Capture) -> None:
    checks = json_of(capsys, "verify")
    assert all(set(c) == {"table", "system", "cell", "printed", "computed", "verdict", "recorded"} for c in checks)
    assert {check["verdict"] == check["recorded"] for check in checks} == {True}
    assert "74 checks on 62 cells" in out_of(capsys, "verify")


def test_version(capsys: Capture) -> None:
    assert out_of(capsys, "--version") == f"carbontui {__version__}, data {DATA_RELEASE}\n"
    with pytest.raises(SystemExit, match="0"):
        main(["compare", "--help"])
    assert "SPEC|FILE" in capsys.readouterr().out


# Plugins that are left aside


@pytest.fixture
def acme(install_plugin: Callable[..., Path]) -> None:
    install_plugin(
        "acme",
        "from carbontui_registry import Hardware, PowerProfile, Source, hookimpl\n"
        "@hookimpl\n"
        "def carbontui_hardware():\n"
        "    yield Hardware('acme-x1', 'X1', Source('S'), power=PowerProfile('1 W'), peak={'bf16': '1 PFLOP/s'})\n"
        "    yield Hardware('acme-x2', 'X2', Source('S'), power=PowerProfile('1 Wh'))\n",
    )


@pytest.mark.usefixtures("acme")
def test_third_parties_can_be_left_aside(capsys: Capture) -> None:
    assert main(["compare", "gpt-3@acme-x1", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert "acme:acme" in [plugin["name"] for plugin in json.loads(said.out)["plugins"]]
    assert said.err.count("\n") == 1
    assert "acme:acme: hardware acme-x2" in said.err
    for switch in (["--no-plugins"], ["--no-plugin", "acme"], ["--no-plugin", "acme:acme"]):
        assert "acme-x1" in refused(capsys, "compare", "gpt-3@acme-x1", *switch)
        assert json_of(capsys, "compare", "gpt-3", *switch)["scenarios"]
    problems = {plugin["name"]: plugin["problems"] for plugin in json_of(capsys, "plugins")}["acme:acme"]
    assert len(problems) == 1
    assert "hardware acme-x2" in problems[0]
