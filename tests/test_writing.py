"""Writing at the worst moment: killed, beside another writer, on a full disk. What stands there is always whole."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from carbontui.engine.comparison import Question, compare
from carbontui.errors import FileError
from carbontui.formats import write_format
from carbontui.formats.files import read, write
from carbontui.spec import PAPER_RUNS, parse_spec
from carbontui_registry.catalogue import Catalogue


@pytest.fixture(scope="module")
def text(catalogue: Catalogue) -> str:
    """A comparison in TOML, of some 200 kB."""
    question = Question(tuple(parse_spec(run) for run in PAPER_RUNS * 8), title="version 0")
    return write_format("toml", compare(question, catalogue), catalogue, width=None, colour=False)


def version(text: str, number: int) -> str:
    """The same in another length, so that a half and a mixture of two are seen."""
    return text.replace("version 0", f"version {number} " + "x" * (number % 1000))


def version_of(path: Path, text: str) -> int:
    """The number of the version in the file, which is whole."""
    found = path.read_text(encoding="utf-8")
    match = re.search("version ([0-9]+)", found)
    assert match, found[:100]
    number = int(match[1])
    assert found in (version(text, number), text)
    return number


@pytest.fixture
def saving(tmp_path: Path, text: str) -> Iterator[Callable[..., int]]:
    """Starts a process that saves versions from a number on without end; gives its id once so many are saved."""
    started: list[int] = []

    def start(first: int, saves: int = 0) -> int:
        ready, tell = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                number = first
                while True:
                    os.write(tell, b".")
                    write(str(tmp_path / "a.toml"), version(text, number), force=True)
                    number += 1
            finally:
                os._exit(1)
        started.append(child)
        for _ in range(saves + 1):
            os.read(ready, 1)
        os.close(ready)
        os.close(tell)
        return child

    yield start
    for child in started:
        try:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def end(child: int) -> None:
    """Kill a process that must still be at work."""
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])


def beside(path: Path) -> list[str]:
    """What else stands in the folder of a file."""
    return sorted(other.name for other in path.parent.iterdir() if other != path)


def killed(step: int, act: Callable[[], object]) -> bool:
    """Act in a process that kills itself before its call number `step` of what is written in C; whether it came to it.

    Between two such calls nothing reaches the disk, so that every moment is met without a clock.
    """
    child = os.fork()
    if child == 0:
        calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event == "c_call"
            if calls > step:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.setprofile(count)
            act()
        finally:
            sys.setprofile(None)
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    write(str(path), text)
    path.chmod(0o640)
    left, saved, step = 0, 0, 0
    before = 0
    while killed(step, partial(write, str(path), version(text, step + 1), force=True)):
        number = version_of(path, text)
        assert number in (before, step + 1)
        saved += number != before
        before = number
        assert len(beside(path)) <= 1
        left += len(beside(path))
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        step += 1
    assert version_of(path, text) == step + 1
    assert len(read(str(path))[0].scenarios) == 8 * len(PAPER_RUNS)
    # Some were stopped before the new file had its name, and some after.
    assert left > 0
    assert saved > 0
    write(str(path), text, force=True)
    assert beside(path) == []


def test_a_new_file_is_whole_or_not_there(tmp_path: Path, text: str) -> None:
    step, there = 0, 0
    path = tmp_path / "a.toml"
    while killed(step, partial(write, str(path), text)):
        there += path.exists()
        assert not path.exists() or path.read_text(encoding="utf-8") == text
        write(str(path), text, force=True)
        assert not [name for name in beside(path) if name.startswith(path.name)]
        path.unlink()
        step += 1
    assert path.read_text(encoding="utf-8") == text
    assert step > there


def test_two_writers_at_once(tmp_path: Path, text: str, saving: Callable[..., int]) -> None:
    path = tmp_path / "a.toml"
    write(str(path), text)
    children = [saving(n * 1_000_000, 1) for n in (1, 2, 3)]
    seen = [version_of(path, text) // 1_000_000 for _ in range(200)]
    while {1, 2, 3} - set(seen):
        seen.append(version_of(path, text) // 1_000_000)
    for child in children:
        end(child)
    assert len(beside(path)) <= len(children)
    write(str(path), text, force=True)
    assert beside(path) == []


def test_of_several_who_make_a_new_file_one_does(tmp_path: Path, text: str) -> None:
    for turn in range(20):
        path, go = tmp_path / f"{turn}.toml", os.pipe()
        children = []
        for number in range(1, 5):
            child = os.fork()
            if child == 0:
                status = 7
                try:
                    os.close(go[1])
                    os.read(go[0], 1)
                    write(str(path), version(text, number))
                    status = 0
                except FileError as error:
                    status = 1 if "already exists" in str(error) else 2
                finally:
                    os._exit(status)
            children.append(child)
        os.close(go[0])
        os.close(go[1])
        statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert sorted(statuses) == [0, 1, 1, 1]
        assert version_of(path, text) == statuses.index(0) + 1
    assert len(list(tmp_path.iterdir())) == 20


# Full disks


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a"
    target.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(FileError, match="a: cannot be written: No space left on device"):
        write(str(target), "new", force=True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_a_disk_that_is_full_half_way(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    write(str(path), text)
    code = (
        "import resource, sys\n"
        "from carbontui.formats.files import FileError, write\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "try:\n"
        "    write(sys.argv[1], 'x' * 50_000, force=True)\n"
        "except FileError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"{path}: cannot be written: File too large\n"
    assert path.read_text(encoding="utf-8") == text
    assert beside(path) == []


# What else may stand there


def test_what_was_left_is_told_from_what_is_at_work_and_from_what_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    left, others = tmp_path / f"a.toml.{'0' * 16}.new", ["a.toml.new", "a.toml.1.new", f"b.toml.{'0' * 16}.new"]
    for name in (left.name, *others):
        (tmp_path / name).write_text("half")

    def slowly(file: BinaryIO) -> None:
        write(str(path), "one")
        assert len(beside(path)) == len(others) + 1
        file.write(b"two")

    write(str(path), slowly, force=True)
    assert path.read_text() == "two"
    assert beside(path) == sorted(others)


def test_without_hard_links_a_new_file_is_made_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", fail)
    write(str(tmp_path / "a"), "one")
    with pytest.raises(FileError, match="already exists"):
        write(str(tmp_path / "a"), "two")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "one")]


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 125 + ".toml")
    write(str(path), "one")
    write(str(path), "two", force=True)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(path.name, "two")]


def test_devices_and_pipes_are_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(FileError, match="cannot be written: it is a device or a pipe, not a file"):
            write(str(path), "x", force=True)
        assert not stat.S_ISREG(path.stat().st_mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(str(path), "one")
    os.chown(path, 12345, 54321)
    path.chmod(0o604)
    write(str(path), "two", force=True)
    found = path.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 54321, 0o604)
