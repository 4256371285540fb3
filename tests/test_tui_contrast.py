"""What is drawn can be read: contrast of every text on every screen, and a ramp that is read without hue."""

from __future__ import annotations

import re

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual import constants
from tui import app_of, on_screen, press, rest, strips

from carbontui.tui.app import CarbonApp
from carbontui.tui.styles import THEMES
from carbontui.tui.views.ramp import SHADES, ramp
from carbontui.tui.widgets.heatmap import HeatMap
from carbontui.tui.widgets.shades import shades
from carbontui_registry.catalogue import Catalogue

LEAST = 4.5
JOB = "gpt-3@a100@gcp:europe-north1,chips=1024"
SPECS = (JOB, "gpt-3@a100@grid:us-ia", "acme-lm@a100", "t5")
# What is pressed on a screen; it is looked at after each.
WALK: dict[str, tuple[tuple[str, ...], ...]] = {
    "compare": ((), ("right",), ("w",), ("l", "i"), ("plus",)),
    "plan": ((), ("down", "down", "right"), ("L",), ("escape", "x")),
    "sweep": ((), ("down", "down"), ("end",), ("pagedown",), ("slash", "'tpu aws", "enter")),
    "dots": (("l", "g"), ("full_stop",), ("L", "'14 d", "enter", "plus")),
    "map": ((), ("home",), ("space", "O"), ("plus",), ("m", "m")),
    "registry": ((), ("tab",), ("space", "down", "enter"), ("P",)),
    "plugins": ((), ("end",)),
    "above": (("?",), ("escape", "x"), ("escape", "e"), ("escape", "A"), ("escape", "enter", "'tpu"), ("escape", "n")),
    "typed": (("down", "down", "down", "down", "enter", "'12 kg"),),
}


def luminance(colour: tuple[int, int, int]) -> float:
    """By WCAG 2.1, written here a second time."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rgb(name: str) -> tuple[int, int, int]:
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)


def colours_of(segment: Segment) -> tuple[tuple[int, int, int], tuple[int, int, int]] | None:
    """Text and background, None where nothing is written or the terminal's own colours are meant."""
    style = segment.style
    if style is None or style.color is None or style.bgcolor is None or not segment.text.strip():
        return None
    front, back = style.color.get_truecolor(), style.bgcolor.get_truecolor(foreground=False)
    pair = (front.red, front.green, front.blue), (back.red, back.green, back.blue)
    return (pair[1], pair[0]) if style.reverse else pair


def is_text(text: str) -> bool:
    """Whether there is something to read: bars and lines are drawings."""
    return bool(re.search(r"[^\s─━│┃┈┊┌┐└┘├┤┬┴┼╭╮╯╰▁-█▏-▕▔▒░\u2800-\u28ff]", text))


def illegible(app: CarbonApp) -> dict[str, float]:
    """Texts at the top of the screens whose contrast is too low."""
    found = {}
    for strip in strips(app.screen):
        for segment in strip:
            pair = colours_of(segment)
            if pair is not None and is_text(segment.text) and contrast(*pair) < LEAST:
                found[segment.text.strip()] = round(contrast(*pair), 2)
    return found


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
@pytest.mark.parametrize("walk", WALK)
async def test_every_text_has_contrast(catalogue: Catalogue, theme: str, walk: str) -> None:
    app = app_of(catalogue, *SPECS)
    async with app.run_test(size=(120, 40)) as pilot:
        app.theme = theme
        await app.action_go({"above": "compare", "typed": "compare", "dots": "sweep"}.get(walk, walk))
        await rest(pilot)
        for keys in WALK[walk]:
            await press(pilot, *keys)
            modal = len(app.screen_stack) > 1 and app.screen.is_modal
            # What a window stands before is dimmed on purpose and not to be read.
            found = illegible(app) if not modal else illegible_within(app)
            assert found == {}, keys


def illegible_within(app: CarbonApp) -> dict[str, float]:
    """The same of the window at the top alone."""
    region = next(iter(app.screen.children)).region
    found = {}
    for strip in strips(app.screen)[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            pair = colours_of(segment)
            if pair is not None and is_text(segment.text) and contrast(*pair) < LEAST:
                found[segment.text.strip()] = round(contrast(*pair), 2)
    return found


@pytest.mark.parametrize("colours", [None, 16])
@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
def test_the_ramp_rises_in_lightness_and_its_text_is_legible(theme: str, colours: int | None) -> None:
    found = [(rgb(back), rgb(text)) for back, text in ramp(theme, colours=colours)]
    assert len(found) == SHADES
    light = [luminance(back) for back, _ in found]
    assert light == sorted(light)
    assert all(contrast(back, text) >= LEAST for back, text in found)
    # As red-green blindness sees it (Viénot, Brettel & Mollon 1999, protanopia and deuteranopia) it rises all the same.
    for lost in (PROTANOPIA, DEUTERANOPIA):
        seen = [sum(row * part for row, part in zip(lost, map(linear, back), strict=True)) for back, _ in found]
        assert seen == sorted(seen)


# What is left of lightness: the rows that make luminance of the linear colours that such eyes see.
PROTANOPIA = (0.1124, 0.8276, 0.0600)
DEUTERANOPIA = (0.2927, 0.6351, 0.0722)


def linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


async def heat_cells(app: CarbonApp) -> list[Segment]:
    shown = app.screen.query_one(HeatMap)
    return [segment for y in range(2, shown.size.height) for segment in list(shown.render_line(y))[1:]]


async def test_the_ramp_is_scaled_to_what_is_in_sight(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.action_go("sweep")
        await rest(pilot)
        for keys in ((), ("pagedown", "end"), ("ctrl+end",)):
            await press(pilot, *keys)
            shown = app.screen.query_one(HeatMap)
            heat = shown.heat
            assert heat is not None
            rows, columns = shown.in_sight
            seen = {
                shade
                for row in range(shown.first_row, min(shown.first_row + rows, heat.size[0]))
                for column in range(shown.first_column, min(shown.first_column + columns, heat.size[1]))
                if (shade := heat.shade(row, column, shown.ends)) is not None
            }
            assert {0, SHADES - 1} <= seen or not seen


async def test_without_colour_marks_rise_with_the_figures(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("sweep")
        await rest(pilot)
        found = []
        for segment in await heat_cells(app):
            if match := re.match(r"([▁-█])\s*([\d.,]+)", segment.text):
                found.append((float(match.group(2).replace(",", "")), match.group(1)))
        found.sort()
        assert len({mark for _, mark in found}) > 5
        assert [mark for _, mark in found] == sorted(mark for _, mark in found)
        assert any(line.strip(" ").count("▁▁▁") and "best" in line for line in on_screen(app).splitlines())


async def test_in_16_colours_shades_differ_and_the_cursor_is_seen(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "standard")
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("sweep")
        await rest(pilot)
        backs = [
            style.bgcolor.downgrade(ColorSystem.STANDARD).number for style in shades(app) if style.bgcolor is not None
        ]
        assert len(set(backs)) == 5
        cells = [segment.style for segment in await heat_cells(app) if segment.style is not None]
        cursor = [style for style in cells if style.bgcolor is not None and style.bgcolor.name == "#ffffff"]
        assert len(cursor) == 1
        drawn = {style.bgcolor.downgrade(ColorSystem.STANDARD).number for style in cells if style.bgcolor is not None}
        assert len(drawn) >= 5
        assert illegible(app) == {}
