"""Makes the pictures of the README with the app itself: `python docs/make_images.py`."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "images"


async def picture(name: str, size: tuple[int, int], *keys: str) -> None:
    """Press the keys on a first start and keep what the screen shows."""
    from carbontui.tui.app import CarbonApp
    from carbontui.tui.workspace import first_start
    from carbontui_registry.cache import open_catalogue

    app = CarbonApp(open_catalogue(only_first_party=True), first_start())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        (HERE / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")


def main() -> None:
    """Every picture, with a configuration of nobody's."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CARBONTUI_CONFIG"] = os.environ["CARBONTUI_CACHE"] = folder
        asyncio.run(picture("compare", (120, 43), "right", "w"))


if __name__ == "__main__":
    main()
