"""The command among pipes, full disks, closed streams and consoles that lack letters."""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui.cli import main
from carbontui.commands import frame


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
        right = f"carbontui: the system is out of {lacking}; close other programs, or raise the limit\n"
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
