"""A program in a real terminal of its own: when its screen shows something, and what a key costs."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence

import pyte

# pyte prints the end of sequences that it does not know.
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b[P_\]][^\x1b\x07]*(?:\x1b\\|\x07)")
KEYS = {"<up>": b"\x1b[A", "<down>": b"\x1b[B", "<right>": b"\x1b[C", "<left>": b"\x1b[D"}
KEYS |= {"<enter>": b"\r", "<pgdn>": b"\x1b[6~"}
QUIET = 0.05


class Terminal:
    """Runs a command at a size; `close` ends it."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (120, 40)) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.arrived = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS=str(columns), LINES=str(rows))
            os.execvp(command[0], list(command))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds: float) -> bool:
        """Read what comes within so many seconds; False where nothing came."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 20)
        except OSError:
            return False
        # Emulating a screen takes longer than drawing it: the clock stops when the bytes are here.
        self.arrived = time.perf_counter()
        if b"\x1b[6n" in data:
            os.write(self.fd, b"\x1b[1;1R")
        self.stream.feed(_UNKNOWN.sub(b"", data))
        return bool(data)

    def until(self, seen: Callable[[], bool], seconds: float = 20.0) -> float:
        """Seconds since the start of the wait until the screen is as wanted."""
        begun = time.perf_counter()
        while not seen():
            if time.perf_counter() - begun > seconds:
                raise TimeoutError("\n".join(self.screen.display))
            self.pump(0.05)
        return self.arrived - begun

    def shows(self, text: str) -> bool:
        """Whether the text is on the screen."""
        return any(text in line for line in self.screen.display)

    def settle(self) -> None:
        """Read until nothing has come for a while."""
        while self.pump(QUIET):
            pass

    def key(self, key: str) -> float:
        """Seconds from a key to the first change of the screen."""
        self.settle()
        before = self._look()
        begun = time.perf_counter()
        os.write(self.fd, KEYS.get(key, key.encode()))
        self.until(lambda: self._look() != before, 5.0)
        return self.arrived - begun

    def _look(self) -> list[tuple[object, ...]]:
        buffer = self.screen.buffer
        return [tuple(buffer[y][x] for x in range(self.screen.columns)) for y in range(self.screen.lines)]

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
