"""The app in a real terminal: it starts, it leaves the terminal as it was however it ends, and it loses nothing."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="no pseudo terminals here")
import fcntl
import pty
import struct
import termios

import pyte

from carbontui.tui import autosave

SIZES = [(80, 24), (120, 40)]
# What the emulator does not know and would print, and questions that a terminal answers.
UNKNOWN = re.compile(
    rb"\x1b\[[<>=?][0-9;:]*u|\x1b\[>[0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP.*?\x1b\\|\x1b\].*?(?:\x07|\x1b\\)"
    rb"|\x1b\[=[0-9;]*[a-zA-Z]|\x1b\[[0-9;]* q|\x1b\[[0-9;]*t",
    re.S,
)
UNFINISHED = re.compile(rb"\x1b(?:\[[<>=?0-9;:$ ]*|P[^\x1b]*|\][^\x07\x1b]*)?\Z", re.S)
QUESTIONS = re.compile(rb"\x1b\[6n|\x1b\[0?c|\x1b\[\?[0-9]+\$p")
MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
CURSOR, ALTERNATE, MOUSE, PASTE = 25, 1049, {1000, 1002, 1003, 1006, 1015}, 2004

CRASHING = """
import sys
from carbontui.cli import main
from carbontui.tui import app

def on_key(self, event):
    if event.key == "c":
        raise RuntimeError("boom [/b]")

app.CarbonApp.on_key = on_key
sys.exit(main(sys.argv[1:]))
"""


class Terminal:
    """A program in a pseudo terminal of its own, and what its screen shows."""

    def __init__(self, *arguments: str, size: tuple[int, int] = (80, 24), code: str | None = None) -> None:
        columns, lines = size
        self.screen = pyte.Screen(columns, lines)
        # Private sequences that the emulator does not know come with this argument.
        self.screen.report_device_attributes = self.screen.report_device_status = lambda *_, **__: None
        self.stream = pyte.ByteStream(self.screen)
        self.raw, self.pending = b"", b""
        self.outer, inner = pty.openpty()
        self.inner = inner
        self.resize(columns, lines, signal_it=False)
        self.before = termios.tcgetattr(inner)
        program = ["-c", code] if code else ["-m", "carbontui"]
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=env,
            preexec_fn=own_terminal,
        )

    def resize(self, columns: int, lines: int, *, signal_it: bool = True) -> None:
        fcntl.ioctl(self.inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.reset()
        self.screen.resize(lines, columns)
        if signal_it:
            self.process.send_signal(signal.SIGWINCH)

    def send(self, text: str) -> None:
        os.write(self.outer, text.encode())

    def read(self, seconds: float) -> bool:
        """What has been written within so many seconds goes to the screen."""
        if not select.select([self.outer], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.outer, 65536)
        except OSError:
            return False
        self.raw += data
        for question in QUESTIONS.findall(data):
            answer = {b"\x1b[6n": "\x1b[1;1R"}.get(question) or (
                "\x1b[?62;22c" if question.endswith(b"c") else f"\x1b[?{question[3:-2].decode()};0$y"
            )
            self.send(answer)
        data = self.pending + data
        cut = UNFINISHED.search(data)
        self.pending = data[cut.start() :] if cut else b""
        self.stream.feed(UNKNOWN.sub(b"", data[: cut.start()] if cut else data))
        return bool(data)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, holds: str | Callable[[], object], seconds: float = 120.0) -> None:
        """Read until a text is on the screen, or something else holds."""
        end = time.monotonic() + seconds
        while not (holds in self.text if isinstance(holds, str) else holds()):
            assert time.monotonic() < end, f"{holds} does not come:\n{self.text}"
            self.read(0.02)

    def until_quiet(self) -> None:
        """Read until nothing comes any more."""
        while self.read(0.3):
            pass

    def ends(self) -> int:
        """Its exit status, once it has ended and all it wrote was read."""
        self.until(lambda: self.process.poll() is not None)
        while self.read(0):
            pass
        return self.process.wait()

    def modes(self) -> dict[int, bool]:
        """Terminal modes by number, as they were last set."""
        found = {}
        for numbers, how in MODE.findall(self.raw):
            for number in numbers.split(b";"):
                found[int(number)] = how == b"h"
        return found

    def assert_given_back(self) -> None:
        """The terminal is as it was."""
        assert termios.tcgetattr(self.inner) == self.before
        modes = self.modes()
        assert modes[CURSOR]
        assert not modes[ALTERNATE]
        assert not any(modes.get(mode) for mode in (*MOUSE, PASTE))

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
        os.close(self.outer)
        os.close(self.inner)


def own_terminal() -> None:
    """The program is the leader of a session whose terminal is its standard input."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("TMUX", raising=False)
    terminals = []

    def made(*arguments: str, **more: object) -> Terminal:
        terminal = Terminal(*arguments, **more)  # type: ignore[arg-type]
        terminals.append(terminal)
        for text in ("552 t ~", "enter change", "? keys"):
            terminal.until(text)
        return terminal

    yield made
    for terminal in terminals:
        terminal.close()


@pytest.mark.parametrize("size", SIZES)
def test_start_shows_the_table_and_q_gives_the_terminal_back(start: Start, size: tuple[int, int]) -> None:
    terminal = start(size=size)
    assert "paper-2021" in terminal.screen.display[0]
    assert "? keys" in terminal.screen.display[-1]
    assert terminal.modes()[ALTERNATE]
    assert termios.tcgetattr(terminal.inner) != terminal.before
    terminal.send("q")
    assert terminal.ends() == 0
    terminal.assert_given_back()


@pytest.mark.parametrize("keys", ["\x03", "\x11", "dq"])
def test_keys_that_leave(start: Start, keys: str) -> None:
    terminal = start()
    terminal.send(keys)
    assert terminal.ends() == 0
    terminal.assert_given_back()
    left = autosave.load(None)
    assert (len(left.question.scenarios) if left else None) == (7 if "d" in keys else None)


def test_leaving_with_changes_says_that_they_are_kept(start: Start) -> None:
    said = b"your changes are kept; carbontui opens them again"
    for keys, text, told in (("", "of 6", False), ("d", "of 7", True), ("", "of 7", False), ("d", "of 8", True)):
        terminal = start()
        terminal.send(keys)
        terminal.until(text)
        terminal.send("q")
        assert terminal.ends() == 0
        assert (said in terminal.raw) is told
        # Below what was on the terminal before, which is back.
        assert ("your changes are kept; " in terminal.text) is told


def test_leaving_a_file_with_changes_says_how_they_are_opened(start: Start) -> None:
    Path("my plan.toml").write_text('carbontui = 1\n[[scenarios]]\nmodel = "gpt-3"\n')
    terminal = start("open", "my plan.toml")
    terminal.send("d")
    terminal.until("Duplicated")
    terminal.send("q")
    assert terminal.ends() == 0
    path = os.path.realpath("my plan.toml")
    assert f"your changes are kept; carbontui open '{path}' opens them again" in terminal.raw.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back(start: Start, number: signal.Signals) -> None:
    terminal = start()
    terminal.send("d")
    terminal.until("of 7")
    terminal.process.send_signal(number)
    assert terminal.ends() == 128 + number
    terminal.assert_given_back()
    left = autosave.load(None)
    assert left is not None
    assert len(left.question.scenarios) == 7


def test_suspended_and_back(start: Start) -> None:
    terminal = start()
    terminal.send("\x1a")
    terminal.until(lambda: stopped(terminal.process.pid))
    while terminal.read(0):
        pass
    terminal.assert_given_back()
    terminal.screen.reset()
    terminal.process.send_signal(signal.SIGCONT)
    for text in ("enter change", "paper-2021", "2 Compare", "V100"):
        terminal.until(text)
    assert terminal.modes()[ALTERNATE]
    terminal.send("d")
    terminal.until("of 7")
    terminal.send("q")
    assert terminal.ends() == 0
    terminal.assert_given_back()


def stopped(pid: int) -> bool:
    done, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
    return bool(done) and os.WIFSTOPPED(status)


def test_a_storm_of_resizes(start: Start) -> None:
    terminal = start()
    terminal.send("\r")
    terminal.until("Model of GPT-3")
    for n in range(60):
        terminal.resize(20 + 37 * n % 180, 5 + 13 * n % 55)
        terminal.read(0)
        if n % 10 == 0:
            terminal.send("\x1b[B")
    for size, key, holds in (
        ((100, 30), "", lambda: "Model of GPT-3" in terminal.text),
        ((101, 31), "\x1b", lambda: "enter change" in terminal.text and "Model of" not in terminal.text),
    ):
        terminal.send(key)
        terminal.until_quiet()
        terminal.resize(*size)
        terminal.until_quiet()
        terminal.until(holds)
    terminal.send("q")
    assert terminal.ends() == 0
    terminal.assert_given_back()


def test_after_a_kill_the_next_start_offers_the_work(start: Start) -> None:
    terminal = start()
    terminal.send("d")
    terminal.until("of 7")
    terminal.until(lambda: autosave.load(None) is not None)
    terminal.process.kill()
    assert terminal.ends() == -signal.SIGKILL
    again = start()
    again.until("of 7")
    assert "paper-2021 *" in again.screen.display[0]
    again.send("q")
    assert again.ends() == 0


def test_changes_to_a_file_are_offered_when_it_is_opened_again(start: Start) -> None:
    path = Path("old.toml")
    path.write_text('carbontui = 1\n[[scenarios]]\nmodel = "gpt-3"\n')
    terminal = start("old.toml")
    terminal.send("d")
    terminal.until("GPT-3 (2)")
    terminal.send("q")
    assert terminal.ends() == 0
    assert autosave.load(None) is None
    path.write_text('carbontui = 1\n[[scenarios]]\nmodel = "gpt-3"\nname = "someone else\'s"\n')
    again = start("old.toml")
    again.until("old.toml *")
    again.until("GPT-3 (2)")
    again.send("s")
    again.until("changed on disk")
    again.send("u")
    again.until("someone else's")
    again.send("q")
    assert again.ends() == 0
    assert "someone else's" in path.read_text()


@pytest.mark.parametrize("debug", [False, True])
def test_a_crash_says_where_the_work_is(start: Start, monkeypatch: pytest.MonkeyPatch, debug: bool) -> None:
    if debug:
        monkeypatch.setenv("CARBONTUI_DEBUG", "1")
    terminal = start(code=CRASHING, size=(120, 40))
    terminal.send("d")
    terminal.until("of 7")
    terminal.send("c")
    assert terminal.ends() == 1
    terminal.assert_given_back()
    said = " ".join(terminal.raw.rpartition(b"\x1b[?1049l")[2].decode().split())
    assert ("Traceback" in said) is debug
    assert "RuntimeError: boom [/b]" in said
    assert autosave.path_of(None) in said.replace(" ", "") or autosave.path_of(None) in said
    left = autosave.load(None)
    assert left is not None
    assert len(left.question.scenarios) == 7


def test_sixteen_colours_show_cursor_and_marks(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "standard")
    terminal = start()
    terminal.send("\x1b[B\x1b[B")
    terminal.until("chips: run gpt-3")
    terminal.send("\x1b[A")
    terminal.until("GPT-3: Microsoft: PUE from OpenAI")
    row = next(n for n, line in enumerate(terminal.screen.display) if line.startswith(" Hardware"))
    cells = terminal.screen.buffer[row]
    at = terminal.screen.display[row].index("V100")
    beside = terminal.screen.display[row].index("TPU")
    assert (cells[at].bg, cells[at].reverse) != (cells[beside].bg, cells[beside].reverse)
    assert "◆1 GPT-3" in terminal.text
    assert "10,000 ~" in terminal.text
