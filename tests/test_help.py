"""The help of all commands, what completes them in shells, and the nearest of what is known to what is mistyped."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from carbontui import cli
from carbontui.commands import COMMANDS, completion, frame, parsers
from carbontui.quantities import QUANTITIES
from carbontui.version import DATA_RELEASE, __version__

ROOT = Path(__file__).parent.parent
MAKER = ROOT / "docs" / "make_shell_files.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help_and_every_command_an_example_that_it_takes(name: str) -> None:
    module, parser = parsers.of_command(name)
    assert [action.dest for action in parser._actions if not action.help] == []
    words = shlex.split(module.EXAMPLE.removeprefix('eval "$(').removesuffix(')"'))
    assert words[:2] == ["carbontui", name]
    parser.parse_intermixed_args(words[2:])
    assert module.EXAMPLE in parsers.help_of(name)


@pytest.mark.parametrize("name", ["import", "ledger"])
def test_the_usage_of_a_command_that_reads_logs_has_the_kind_once(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    usage = parsers.help_of(name).partition("\n\n")[0]
    assert usage.endswith(" [KIND] FILE [FILE ...]")
    with pytest.raises(SystemExit):
        cli.main([name])
    assert "carbontui: FILE is missing\n" in capsys.readouterr().err


@pytest.mark.parametrize("columns", ["80", "76", "72", "60"])
def test_help_breaks_no_name_over_two_lines(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert "green-algorithms" in parsers.help_of("import")


@pytest.mark.parametrize("asked", ["-V", "--version"])
def test_the_version_is_one_line_with_the_release_of_the_figures(
    asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([asked]) == 0
    assert capsys.readouterr().out == f"carbontui {__version__}, data {DATA_RELEASE}\n"


# A word of each family that is off by a letter, and the one that was meant.
MISTYPED = {
    "comapre t5": "compare",
    "--verison": "--version",
    "--no-plugni x": "--no-plugin",
    "compare --metrik net": "--metric",
    "compare t5 --no-cach": "--no-cache",
    "compare t5 --metric grosss": "gross",
    "compare t5 --accounting lifecyle": "lifecycle",
    "compare t5 --format jsonn": "json",
    "compare t5 --preset eu-ai": "eu-ai-act",
    "compare t5 --require enrgy": "energy",
    "compare t5 -o t5.jsn": ".json",
    "compare t5,chip=3": "chips",
    "compare t5,utilization=3": "utilisation",
    "compare t5,form=servr": "server",
    "compare t5,boundary=sytem": "system",
    "compare t5,work=servng": "serving",
    "compare t5@tpu-v33": "tpu-v3",
    "explain t5 energi": "energy",
    "sweep --model t5 --objective energi": "energy",
    "advise t5 --keep hardwar": "hardware",
    "list hardwares": "hardware",
    "list hardware pwoer>3": "power",
    "list hardware memry>3": "memory",
    "show a1000": "a100",
    "plugins chek": "check",
    "import codecarbn x.csv": "codecarbon",
    "ledger x --by monht": "month",
    "help compar": "compare",
    "help spce": "spec",
    "completion zhs": "zsh",
    "serve --prot 3": "--port",
}


@pytest.mark.parametrize("line", MISTYPED)
def test_what_is_mistyped_is_refused_with_the_nearest(
    line: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        status = cli.main(shlex.split(line))
    except SystemExit as left:
        status = int(str(left.code))
    assert status == frame.WRONG_USE
    assert f"did you mean {MISTYPED[line]}?" in capsys.readouterr().err


def test_completion_and_manual_are_those_of_the_commands() -> None:
    pytest.importorskip("shtab")
    made = runpy.run_path(str(MAKER))["shell_files"]()
    for name, text in made.items():
        shipped = completion.shell_file(name)
        if name.endswith(".1") or sys.version_info < (3, 12):
            assert shipped == text.rstrip("\n") + "\n", "python docs/make_shell_files.py"


@pytest.mark.parametrize("shell", completion.SHELLS)
def test_a_shell_takes_its_script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out, encoding="utf-8")
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", str(script)], check=True, timeout=60)


def test_bash_completes_commands_options_and_values(tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    script = tmp_path / "script"
    script.write_text(completion.shell_file("carbontui.bash"), encoding="utf-8")
    ask = r"""source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        function=$(complete -p carbontui | grep -o -- '-F [^ ]*' | cut -c4-)
        "$function" carbontui "${COMP_WORDS[COMP_CWORD]}" ""; printf '%s\n' "${COMPREPLY[@]}" """

    def completed(*words: str) -> list[str]:
        command = ["bash", "-c", ask, "bash", str(script), "carbontui", *words]
        env = {**os.environ, "LC_ALL": "C"}
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=env).stdout.split()

    assert completed("co") == ["compare", "completion"]
    assert completed("compare", "--me") == ["--metric"]
    assert completed("compare", "--metric", "") == ["gross", "net", "energy", "duration", "water", "cost"]
    assert completed("list", "o") == ["offers"]


def test_the_manual_has_every_command_option_key_and_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", "man"]) == 0
    manual = capsys.readouterr().out.replace("\\-", "-")
    for name in COMMANDS:
        _module, parser = parsers.of_command(name)
        assert f".SS carbontui {name}\n" in manual
        flags = [flag for action in parser._actions for flag in action.option_strings]
        assert [flag for flag in flags if f"\\fB{flag}\\fR" not in manual and f", \\fB{flag}" not in manual] == []
    assert [key for key in QUANTITIES if not re.search(rf"^\s+{key} ", manual, re.MULTILINE)] == []
    assert "%(" not in manual
    assert [status for status in frame.STATUSES if f"\\fB{status}\\fR" not in manual] == []


def test_the_documents_have_every_command_and_exit_status() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert [status for status in frame.STATUSES if not re.search(rf"^\| {status} \|", text, re.MULTILINE)] == []
