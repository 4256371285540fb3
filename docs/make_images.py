"""Makes the pictures of the app with the app itself: `python docs/make_images.py [NAME]...`.

`session.svg` is a recorded session: the frames one after the other, in one file.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import runpy
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.pilot import Pilot

HERE = Path(__file__).parent.resolve() / "images"
WALK = [f"gpt-3@a100@gcp:{region},chips=1024" for region in ("europe-north1", "us-central1", "asia-east1")]
JOB = "llama-3.1-8b@8xh100@gcp:europe-west1,tokens=2B,trainable=40M"


class Picture:
    """What is pictured: the size of the terminal, the keys pressed (after ' text that is typed), and scenarios.

    Without scenarios it is the first start.
    """

    def __init__(self, size: tuple[int, int], *keys: str, specs: Sequence[str] = (), title: str = "gpt-3") -> None:
        self.size, self.keys, self.specs, self.title = size, keys, specs, title


PICTURES = {
    "plan": Picture((120, 40), "p", specs=[JOB], title="fine-tune"),
    "compare": Picture((120, 43), "right", "w"),
    "walk": Picture((120, 43), "right", "l", "w", *["down"] * 13, specs=["gpt-3", *WALK]),
    "explain": Picture((120, 43), "right", *["down"] * 13, "x", specs=["gpt-3", *WALK]),
    "sweep": Picture((120, 40), "4", "down", "down", "right", "right", specs=WALK),
    "map": Picture((120, 40), "3", "full_stop", specs=["@8xh100@aws:us-east-1,duration=3 d"]),
    "dots": Picture((120, 40), "4", "g", "l", "full_stop", specs=["gpt-3@a100@gcp:europe-north1"]),
    "registry": Picture((120, 40), "5", "slash", "'h100", "enter"),
    "plugins": Picture((120, 30), "6", "down", "down", "down"),
    "ledger": Picture((120, 30), "7", "o", "'jobs.txt", "enter", "g", "g", "down"),
}

# What the session shows: keys, what they do in words, and seconds to look at it.
SESSION = (
    ((), "Plan: a LoRA fine-tune on 8 H100", 3.0),
    (("down", "down", "down"), "down: to a number of the form", 1.2),
    (("right",), "right: 10 % more, and the footprint follows", 1.2),
    (("right",), "right", 0.8),
    (("right",), "right", 1.2),
    (("u", "u", "u"), "u: undo", 1.5),
    (("tab",), "tab: the changes that save most", 2.0),
    (("w",), "w: why it saves, step by step", 3.5),
    (("escape", "c", "left", "D", "f", "f"), "c: the job and the changes side by side", 3.5),
    (("x",), "x: where a figure comes from", 3.5),
    (("escape", "3"), "3: the same job everywhere, on a map", 3.5),
    (("5",), "5: all that is registered, each figure with its source", 3.5),
)


async def rest(pilot: Pilot[Any]) -> None:
    """Wait until advice is there, logs are read, and all is drawn."""
    screen = pilot.app.screen
    while (
        getattr(screen, "_reading", None) is not None
        or (pilot.app.tab == "plan" and hasattr(screen, "changes") and not screen.changes)  # type: ignore[attr-defined]
    ):
        await pilot.pause(0.05)
        screen = pilot.app.screen
    await pilot.pause()
    await pilot.pause()


@contextlib.asynccontextmanager
async def started(pictured: Picture) -> AsyncIterator[Pilot[Any]]:
    """The app on what is pictured, before its keys."""
    from carbontui.engine.comparison import Question
    from carbontui.spec import parse_spec
    from carbontui.tui.app import CarbonApp
    from carbontui.tui.workspace import first_start, opened
    from carbontui_registry.cache import open_catalogue

    question = Question(tuple(map(parse_spec, pictured.specs)), title=pictured.title)
    app = CarbonApp(open_catalogue(only_first_party=True), opened(question, None) if pictured.specs else first_start())
    async with app.run_test(size=pictured.size) as pilot:
        await pilot.pause()
        yield pilot


async def press(pilot: Pilot[Any], keys: Sequence[str]) -> None:
    """Keys one after the other; what begins with ' is put into the field that has the focus."""
    from textual.widgets import Input

    for key in keys:
        if key.startswith("'"):
            pilot.app.screen.query_one(Input).value = key[1:]
        else:
            await pilot.press(key)
        await rest(pilot)


async def picture(name: str) -> str:
    """The picture as SVG."""
    pictured = PICTURES[name]
    async with started(pictured) as pilot:
        await press(pilot, pictured.keys)
        # The picture asks nobody for a font: the reader's own monospace is as good.
        return re.sub(r"@font-face \{.*?\}", "", pilot.app.export_screenshot(), flags=re.DOTALL)


async def session() -> str:
    """The recorded session as an SVG that moves."""
    from moving import Frame, moving_svg

    frames = []
    async with started(Picture((110, 34), "p", specs=[JOB], title="fine-tune")) as pilot:
        await press(pilot, ("p",))
        for keys, said, seconds in SESSION:
            await press(pilot, keys)
            frames.append(Frame(pilot.app.screen._compositor.render_strips(), said, seconds))
    return moving_svg(frames, 110, 34)


def main(names: Sequence[str]) -> None:
    """Each picture, or those named, with a configuration of nobody's."""
    docs = HERE.parent
    write_logs: Callable[[str, int], None] = runpy.run_path(str(docs / "examples" / "lab_year.py"))["write"]
    cluster = re.findall(
        r"^```toml\n(.*?)^```", (docs / "ledger.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        # The screen of plugins names the folder, which is to be the same each time.
        os.environ["CARBONTUI_CONFIG"] = "config"
        os.environ["CARBONTUI_CACHE"] = folder
        os.environ["COLORTERM"] = "truecolor"
        write_logs("jobs.txt", 600)
        Path("cluster.toml").write_text(next(one for one in cluster if "partitions" in one), encoding="utf-8")
        for name in names or [*PICTURES, "session"]:
            svg = asyncio.run(session() if name == "session" else picture(name))
            (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
