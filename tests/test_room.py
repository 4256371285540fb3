"""Where memory or open files are short, one sentence says so, before a library in C ends the program in its own way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from carbontui.room import ensure

DATA = Path(__file__).parent / "data"
MEMORY = "carbontui: the system is out of memory; close other programs, or raise the limit\n"
FILES = "carbontui: the system is out of open files (see: ulimit -n); close other programs, or raise the limit\n"
WITHIN = """
import os, resource, sys
from carbontui.cli import main
from carbontui_registry.cache import open_catalogue
open_catalogue()
limit = getattr(resource, sys.argv[1])
resource.setrlimit(limit, (int(sys.argv[2]),) * 2)
sys.exit(main(sys.argv[3:]))
"""
LEDGER = ("ledger", str(DATA / "slurm_sacct.txt"))


def within(limit: str, value: int, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHIN, limit, str(value), *words], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a program to its address space")
@pytest.mark.parametrize("mebibytes", [80, 100, 120, 150])
@pytest.mark.parametrize("words", [LEDGER, ()], ids=["ledger", "app"])
def test_without_memory_for_numpy_a_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], mebibytes: int
) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.headless_driver:HeadlessDriver")
    done = within("RLIMIT_AS", mebibytes << 20, *words)
    # Not 1, which says that a budget is exceeded.
    assert (done.returncode, done.stderr, done.stdout) == (70, MEMORY, "")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_without_open_files_the_app_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.headless_driver:HeadlessDriver")
    done = within("RLIMIT_NOFILE", 8)
    assert (done.returncode, done.stderr, done.stdout) == (70, FILES, "")


def test_what_was_asked_for_is_given_back() -> None:
    for _ in range(50):
        ensure(16, 16)
    with pytest.raises(MemoryError):
        ensure(1 << 40)
