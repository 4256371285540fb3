"""Makes the pictures of the README with the app itself: `python docs/make_images.py`."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent / "images"


WALK = [f"gpt-3@a100@gcp:{region},chips=1024" for region in ("europe-north1", "us-central1", "asia-east1")]


async def picture(name: str, size: tuple[int, int], *keys: str, specs: Sequence[str] = ()) -> None:
    """Press the keys on a first start, or on a comparison of SPECs, and keep what the screen shows."""
    from carbontui.engine.comparison import Question
    from carbontui.spec import parse_spec
    from carbontui.tui.app import CarbonApp
    from carbontui.tui.workspace import first_start, opened
    from carbontui_registry.cache import open_catalogue

    asked = opened(Question(tuple(parse_spec(spec) for spec in specs), title="gpt-3"), None) if specs else first_start()
    app = CarbonApp(open_catalogue(only_first_party=True), asked)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        while app.tab == "plan" and not app.screen.changes:  # type: ignore[attr-defined]
            # Advice is looked for beside the app.
            await pilot.pause(0.1)
        await pilot.pause()
        # The picture asks nobody for a font: the reader's own monospace is as good.
        svg = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(), flags=re.DOTALL)
        (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")


def main() -> None:
    """Every picture, with a configuration of nobody's."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CARBONTUI_CONFIG"] = os.environ["CARBONTUI_CACHE"] = folder
        os.environ["COLORTERM"] = "truecolor"
        asyncio.run(picture("plan", (120, 40), "p", specs=["@8xh100@gcp:europe-west3,duration=30 h"]))
        asyncio.run(picture("compare", (120, 43), "right", "w"))
        asyncio.run(picture("walk", (120, 43), "right", "l", "w", *["down"] * 13, specs=["gpt-3", *WALK]))
        asyncio.run(picture("explain", (120, 43), "right", *["down"] * 13, "x", specs=["gpt-3", *WALK]))
        asyncio.run(picture("sweep", (120, 40), "4", "down", "down", "right", "right", specs=WALK))
        asyncio.run(picture("map", (120, 40), "3", "full_stop", specs=["@8xh100@aws:us-east-1,duration=3 d"]))
        asyncio.run(picture("dots", (120, 40), "4", "g", "l", "full_stop", specs=["gpt-3@a100@gcp:europe-north1"]))


if __name__ == "__main__":
    main()
