"""The command line: what is printed where, and with which exit status."""

from __future__ import annotations

import errno
import io
import json
import os
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui import DATA_RELEASE, __version__
from carbontui.cli import main
from carbontui.commands import frame
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
        (["compare", "gpt-3", "--metric", "dollars"], "--metric: 'dollars' is not one of gross, net"),
        (["compare", "gpt-3", "--format", "pdf"], "--format: 'pdf' is not one of table"),
        (["compare", "gpt-3", "--frobnicate"], "--frobnicate"),
        (["compare", "nowhere.toml"], "nowhere.toml: No such file"),
        (["compare", "gpt-3", "-o", "nowhere/a.json"], "nowhere/a.json: cannot be written"),
        (["frobnicate"], "frobnicate"),
        (["explain"], "SPEC"),
        (["explain", "gpt-3", "nonsense"], "'nonsense' is not a figure"),
        (["list", "models", "--format", "toml"], "--format: 'toml' is not one of table, json and csv"),
        (["list", "things"], "KIND: 'things' is not one of hardware"),
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


# Processes of their own


def start(*arguments: str, **how: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "carbontui", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)


def test_a_closed_pipe_ends_quietly() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "carbontui", "list", "regions", "--format", "json"]
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_is_a_status_and_one_message() -> None:
    process = start("compare", "gtp-3")
    out, err = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert err == "carbontui: no model is called 'gtp-3'; did you mean gpt-3?\n"


def test_ctrl_c_while_a_plugin_loads(
    install_plugin: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    module = install_plugin("slow", f"open({str(ready)!r}, 'w').close()\nimport time\ntime.sleep(60)\n")
    monkeypatch.setenv("PYTHONPATH", str(module.parent))
    process = start("compare", "gpt-3")
    assert process.stdout is not None
    # Until the plugin is being imported, or the process has ended too early.
    with os.fdopen(os.open(ready, os.O_RDONLY | os.O_NONBLOCK)) as imported:
        select.select([imported, process.stdout], [], [])
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "")


def in_a_shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of `carbontui` and its redirections."""
    line = command.replace("carbontui", f"{sys.executable} -m carbontui", 1)
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONUTF8", "PYTHONIOENCODING")}
    return subprocess.run(["sh", "-c", line], capture_output=True, check=False, env={**env, **environment})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", ["compare t5", "compare t5 --format json", "list hardware", "--help", "--version"])
def test_a_full_device_is_a_status_of_its_own(words: str) -> None:
    done = in_a_shell(f"carbontui {words} >/dev/full")
    assert (done.returncode, done.stderr) == (74, b"carbontui: cannot write: No space left on device\n")
    # Nobody can be told, and the status says so all the same.
    assert in_a_shell(f"carbontui {words} >/dev/full 2>/dev/full").returncode == 74


def test_a_closed_stream_is_said_and_costs_no_file(tmp_path: Path) -> None:
    done = in_a_shell("carbontui compare t5 >&-")
    assert (done.returncode, done.stderr) == (74, b"carbontui: cannot write: standard output is closed\n")
    assert in_a_shell(f"carbontui compare t5 -o {tmp_path}/t5.json >&-").returncode == 0
    assert json.loads((tmp_path / "t5.json").read_text(encoding="utf-8"))["baseline"] == "T5"
    assert in_a_shell("carbontui compare t5 2>&-").stdout == in_a_shell("carbontui compare t5").stdout
    assert in_a_shell("carbontui compare nosuch 2>&-").returncode == 2


@pytest.mark.parametrize("words", ["compare -", "import codecarbon -", "import nvidia-smi -", "import boamps -"])
def test_closed_input_is_said(words: str) -> None:
    done = in_a_shell(f"carbontui {words} <&-")
    said = b"carbontui: -: standard input is closed; give a file, or pipe one in\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", said)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_a_name_of_standard_output_is_standard_output(name: str) -> None:
    for how in ("--format csv", "--format csv --force", ""):
        named, plain = (in_a_shell(f"carbontui compare t5 {how} {more} | cat") for more in (f"-o {name}", ""))
        assert (named.stdout, named.stderr) == (plain.stdout, b"")
        assert b"T5" in named.stdout


@pytest.mark.parametrize("words", ["compare t5", "list hardware", "sweep --model t5", "verify"])
def test_an_empty_name_of_a_file_is_wrong_use(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words.split(), "-o", ""]) == 2
    assert capsys.readouterr() == ("", "carbontui: -o: needs a file name, such as -o runs.toml\n")


def test_a_limit_of_the_system_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, lacking in ((OSError(errno.EMFILE, ""), "open files (see: ulimit -n)"), (MemoryError(), "memory")):
        monkeypatch.setattr(frame, "open_catalogue", _raising(error))
        assert main(["list", "hardware"]) == 70
        right = f"carbontui: the system gives no more {lacking}; close other programs, or raise the limit\n"
        assert capsys.readouterr().err == right


def _raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden here")
def test_a_file_that_may_not_be_written_is_nobodys_typing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert in_a_shell(f"carbontui compare t5 -o {tmp_path}/t5.json").returncode == 74


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert in_a_shell(f"carbontui compare t5 -o {tmp_path}/none/t5.json").returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize(
    "words", ["compare", "explain gpt-3@a100 gross", "show grid:at", "help spec", "compare --help"]
)
def test_a_console_that_is_not_utf_8_gets_ascii_for_what_it_lacks(words: str, encoding: str) -> None:
    plain, there = in_a_shell(f"carbontui {words}"), in_a_shell(f"carbontui {words}", PYTHONIOENCODING=encoding)
    assert (there.returncode, there.stderr) == (0, b"")
    text, wanted = there.stdout.decode(encoding), plain.stdout.decode("utf-8")
    assert "?" not in text or "?" in wanted
    assert len(text.splitlines()) == len(wanted.splitlines())
    if encoding == "ascii" and words == "compare":
        assert "* GPT-3" in text
        assert [len(line) for line in text.splitlines()] == [len(line) for line in wanted.splitlines()]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_columns_stay_where_a_console_lacks_letters(encoding: str) -> None:
    names = ("plain", "日本 é", "가나다", "ＡＢ", "½ ﬁ ㎞", "a😀b", "👩‍👩‍👧 x", "no\u0308rdlich", "Ωμέγα")
    specs = " ".join(f"'t5,name={name} {n},group={name}'" for n, name in enumerate(names))
    done = in_a_shell(f"carbontui compare {specs} --total", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode(encoding).split("\n\n")[0].splitlines()[1:]
    assert len(lines) == 2 * len(names) + 1
    assert len({line.index("MWh") for line in lines}) == 1
    assert len({line.index("TPU v3") for line in lines[: len(names)]}) == 1
    # A half is not twelve.
    assert not any("12" in line.split("TPU")[0] for line in lines[: len(names)])


def test_letters_come_in_whatever_the_locale_is(tmp_path: Path) -> None:
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    path = tmp_path / "zü.toml"
    words = f"'t5,name=Zürich,group=café' 't5,name=日本' --baseline 日本 -o {path}"
    done = in_a_shell(f"carbontui compare {words}", **bare)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (0, b"", f"wrote {tmp_path}/zu.toml\n")
    assert [file.name for file in tmp_path.iterdir()] == ["zü.toml"]
    assert in_a_shell(f"carbontui compare {words}", **bare).returncode == 2
    for words in (f"compare {path}", f"compare {path} --baseline 日本"):
        done = in_a_shell(f"carbontui {words} --format json", **bare)
        said = json.loads(done.stdout.decode("utf-8"))
        assert [(one["name"], one.get("group")) for one in said["scenarios"]] == [("Zürich", "café"), ("日本", None)]
        assert said["baseline"] == "日本"
    (tmp_path / "läufe.csv").write_text("x")
    done = in_a_shell(f"carbontui import codecarbon {tmp_path}/läufe.csv", **bare)
    assert b"has no column" in done.stderr
    assert b"Zurich" in in_a_shell(f"carbontui {path}", **bare).stdout


def test_what_programs_read_is_utf_8_on_any_console() -> None:
    there = in_a_shell("carbontui compare 't5,name=Größe →' --format json", PYTHONIOENCODING="latin-1")
    assert there.returncode == 0
    assert json.loads(there.stdout.decode("utf-8"))["scenarios"][0]["name"] == "Größe →"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "t5", "-o", "x.xyz"), "no format has this ending; known endings are .txt, .json, .toml, .csv,"),
        (("list", "hardware", "-o", "x.md"), "no format has this ending; known endings are .txt, .json and .csv"),
    ],
)
def test_an_ending_that_no_format_has_is_refused(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    *rest, name = arguments
    assert main([*rest, str(tmp_path / name)]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_file_is_written_as_its_ending_says(tmp_path: Path) -> None:
    for name, begins in {"a.json": "{", "a.toml": "carbontui = 1", "a.csv": "name,", "a.txt": "  scenario"}.items():
        assert main(["compare", "t5", "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text().startswith(begins)
    assert main(["compare", "t5", "--format", "csv", "-o", str(tmp_path / "b.json")]) == 0
    assert (tmp_path / "b.json").read_text().startswith("name,")
