"""Keys typed faster than screens open: each is handed over once the one before it has had its effect."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from textual import events
from textual.message import Message

from carbontui.tui.bindings import name_of
from carbontui.tui.too_small import is_small

if TYPE_CHECKING:
    from collections.abc import Collection

    from textual.geometry import Size
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.widget import Widget


LONGEST_PASTE = 20_000

# A key may make a message, such as that a line was entered, whose effect, such as the next editor, is a message again.
ROUNDS = 4


class Answered(Message):
    """Follows a key on its way from the widget with the focus up to the app, and so comes behind its effect."""


class Handing(Protocol):
    """The part of the app that hands over what is typed."""

    @property
    def focused(self) -> Widget | None:
        """What has the focus."""

    @property
    def screen(self) -> Screen[Any]:
        """The screen at the top."""

    @property
    def size(self) -> Size:
        """Of the window."""

    @property
    def return_code(self) -> int | None:
        """None until the app quits."""

    async def run_action(self, action: str) -> bool:
        """Do what a key does."""

    def say(self, text: str, *, error: bool = False) -> None:
        """One line at the foot of the screen."""

    async def pass_on(self, event: events.Key | events.Paste) -> None:
        """Hand over what was typed to what has the focus now."""


class TypeAhead:
    """Textual hands keys to what has the focus when they arrive: of `L30 d` typed at once, the editor that `L` opens
    would get nothing."""

    def __init__(self, app: Handing, quits: Collection[str]) -> None:
        """`quits` are the keys that quit, by name."""
        self.app, self.quits = app, quits
        self.waiting: deque[events.Key | events.Paste] = deque()
        self._with: MessagePump | None = None
        self._opening: MessagePump | None = None
        self._rounds = 0

    async def take(self, event: events.Key | events.Paste) -> None:
        """Hand over what was typed, or keep it until what was typed before has had its effect.

        What is pasted is taken up to a length; a log by accident would be read sign by sign.
        """
        if self.app.return_code is not None:
            return
        if isinstance(event, events.Paste) and len(event.text) > LONGEST_PASTE:
            self.app.say(f"the pasted text has {len(event.text):,} characters; at most {LONGEST_PASTE:,} are allowed")
            return
        if isinstance(event, events.Key) and event.key == "ctrl+j":
            # Enter, pressed before the app had the terminal to itself: until then it is the end of a line.
            event = events.Key("enter", "\r")
        if is_small(self.app.size):
            # Nothing is typed into what cannot be seen.
            if isinstance(event, events.Key) and name_of(event.key) in self.quits:
                await self.app.run_action("leave")
            return
        if self._with is not None and self._with.is_running:
            self.waiting.append(event)
        else:
            await self._hand_over(event)

    async def _hand_over(self, event: events.Key | events.Paste) -> None:
        target = self.app.focused or self.app.screen
        await self.app.pass_on(event)
        self._rounds = 0
        self._follow(target)

    def _follow(self, target: MessagePump) -> None:
        self._with = target if target.post_message(Answered()) else None

    async def go_on(self) -> None:
        """The next of what waits, once the screen at the top has something to type into."""
        self._with = None
        if not self.waiting or self.app.return_code is not None:
            return
        screen = self.app.screen
        self._rounds += 1
        if self._rounds < ROUNDS:
            self._follow(self.app.focused or screen)
        elif screen is self._opening or (screen.is_mounted and screen.focused is not None):
            self._opening = None
            await self._hand_over(self.waiting.popleft())
        else:
            # It opens; one that has nothing to type into takes keys itself.
            self._with = self._opening = screen
            screen.call_after_refresh(screen.post_message, Answered())
