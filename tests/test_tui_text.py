"""Text from others is data: any of it can stand anywhere, in any window, and does nothing but stand there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.widget import Widget
from tui import EVERY_SIZE, app_of, go_to, names, on_screen, press, rest, said, sheet, strips, widths

from carbontui.engine.comparison import Question
from carbontui.engine.scenario import Scenario
from carbontui.tui.app import CarbonApp
from carbontui.tui.plain import ONLY_TEXT
from carbontui.tui.widgets.bars import Bars
from carbontui.tui.widgets.chrome import Status, Tabs, TitleBar
from carbontui.tui.widgets.keys import Keys
from carbontui.tui.widgets.line import Line, fitted
from carbontui.tui.widgets.picker import ChoiceList
from carbontui.tui.widgets.sheet import Sheet
from carbontui.tui.widgets.why import WhyPanel
from carbontui.tui.workspace import Workspace
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import CarbonFactor, PowerProfile, Source
from carbontui_registry.indexing import build
from carbontui_registry.plugin import Loaded, Plugin
from carbontui_registry.records import Hardware, Model, Offer, Region, TrainingRun
from carbontui_registry.text import clean, drawable

DRAWN = (TitleBar, Tabs, Sheet, Bars, WhyPanel, Status, Keys, ChoiceList)
HOSTILE = [
    "[/b]",
    "[@click=app.quit]x[/]",
    "[@click=app.leave]x[/@click]",
    "[red",
    "\\[",
    "a\x1b[2J\x1b]0;gone\x07\x1b\\b",
    "c1 \x9b31m \x90q\x9c",
    "\u202eright to left\u202c \u2066x\u2069",
    "漢字仮名交じり文の名前はとても長いです",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 e\u0301\u0301\u0301",
    "\u200b\u200d\ufe0f\u2060",
    "line\nbreak\r\ttab\x00\x08",
    "\ud800 half",
    "x" * 5000,
    "漢" * 300,
    "",
    " ",
    "${app} {0} %s $primary",
]
# Half of the texts are built from what has hurt before.
any_text = st.text(max_size=30) | st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=4).map("".join)


def catalogue_of(model: str, hardware: str, region: str, source: str) -> Catalogue:
    """A registry whose records bear these names."""
    said = Source(source, url="https://someone.example", year=2024)
    records = [
        Model(id="m", name=model, params=1e9, compute="1e21 FLOP", source=said),
        Hardware(
            id="h",
            name=hardware,
            vendor=model,
            power=PowerProfile(tdp="300 W"),
            peak={"bf16": "300 TFLOP/s"},
            source=said,
        ),
        Region(
            id="r",
            name=region,
            provider=hardware,
            factors=[CarbonFactor("2024", gross="400 gCO2e/kWh")],
            pue=1.1,
            source=said,
        ),
        TrainingRun(model="m", hardware="h", region="r", period="2024", chips=8, duration="3 d", source=said),
        Offer("h", "r", said, instance=hardware, price="2 USD/h"),
    ]
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    loaded = Loaded((Plugin("acme:x", "1", "acme", False),), tuple(("acme:x", r) for r in records), (), (), {})
    build(loaded, connection)
    return Catalogue(connection)


def check(app: CarbonApp) -> None:
    """Whatever is on the screen: no controls, and every line as wide as its widget."""
    text = on_screen(app)
    controls = {c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or "\u202a" <= c <= "\u202e")}
    assert not controls
    text.encode()
    for strip in strips(app.screen):
        assert sum(cell_len(segment.text) for segment in strip) == app.size.width
    for widget in drawn(app):
        assert widths(widget) <= {widget.scrollable_content_region.width}, widget


def drawn(app: CarbonApp) -> Iterator[Widget]:
    for kind in DRAWN:
        yield from (widget for widget in app.screen.query(kind) if widget.display and widget.size)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_text, min_size=5, max_size=5))
@example(HOSTILE[:5])
@example(HOSTILE[5:10])
@example(HOSTILE[9:14])
@example(HOSTILE[13:18])
async def test_any_text_in_any_name(texts: list[str]) -> None:
    scenario = texts[0]
    # What is longer, or nothing at all, is refused before it becomes a record.
    model, hardware, region, source = (text[:150] if clean(text[:150]).strip() else "none" for text in texts[1:])
    question = Question((Scenario(name=scenario, model="m"), Scenario(model="m", hardware=hardware)), title=scenario)
    app = CarbonApp(catalogue_of(model, hardware, region, source), Workspace(question, path=scenario or None))
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        check(app)
        for keys in ("a", "escape", "x", "escape", "n", "escape", "r", "escape", "e", "escape", "w", "right"):
            await press(pilot, keys)
            check(app)
        go_to(app, 0, "region")
        await press(pilot, "enter")
        check(app)
        # A click anywhere on a name does what a click there always does, and nothing that the name says.
        await pilot.click(offset=(8, 5))
        await rest(pilot)
        for x in (22, 26, 38):
            await pilot.click(Sheet, offset=(x, 1))
            await press(pilot, "escape")
        check(app)
        assert app.is_running
        assert app.tab == "compare"


@pytest.mark.parametrize("text", HOSTILE)
async def test_any_text_that_is_pasted_or_typed(catalogue: Catalogue, text: str) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("r", "enter", "a", "S", "o", "e"):
            await press(pilot, key)
            field = app.screen.query_one("Input")
            field.value = text  # type: ignore[attr-defined]
            await rest(pilot)
            check(app)
            if key == "r" and len(text) <= 100:
                await press(pilot, "enter")
                check(app)
                assert names(app)[0].isprintable() or "\ufe0f" in names(app)[0] or "\u200d" in names(app)[0]
            else:
                await press(pilot, "escape")
        assert app.is_running


async def test_a_paste_of_megabytes_is_refused_at_a_length_that_is_said(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 24)) as pilot:
        await press(pilot, "r")
        before = app.screen.query_one("Input").value  # type: ignore[attr-defined]
        app.post_message(events.Paste("x" * 10_000_000))
        await rest(pilot)
        assert app.screen.query_one("Input").value == before  # type: ignore[attr-defined]
        await press(pilot, "escape")
        app.post_message(events.Paste("x" * 10_000_000))
        await rest(pilot)
        assert said(app) == "the pasted text has 10,000,000 characters; at most 20,000 are allowed"


@given(any_text, st.integers(0, 40))
def test_a_line_has_exactly_its_width(text: str, width: int) -> None:
    assert cell_len(fitted(text, width)) <= width
    line = Line(width, Style()).add("> ").add(text).cell(text, width // 3).add(text).strip()
    assert sum(cell_len(segment.text) for segment in line) == line.cell_length == width
    joined = ONLY_TEXT.apply(list(line), None)  # type: ignore[arg-type]
    assert "".join(segment.text for segment in joined) == line.text
    assert sum(cell_len(segment.text) for segment in joined) == width


STYLES = st.sampled_from(
    [Style.parse(words) for words in ("red on blue", "white on blue", "bold red on blue", "red on black")]
    + [Style.parse(f"{word} white on blue") for word in ("underline", "reverse", "strike", "overline")]
    + [Style.parse("white on blue") + Style(meta={"@click": "app.quit"}), Style(bgcolor="blue"), Style()]
)


@given(
    st.lists(st.tuples(st.one_of(st.text(" ", max_size=3), st.text(" a…█é\u200d\ufe0f👩1\u0301", max_size=4)), STYLES))
)
def test_a_line_looks_the_same_in_fewer_pieces(pieces: list[tuple[str, Style]]) -> None:
    def seen(segments: Sequence[Segment]) -> list[tuple[object, ...]]:
        lines = "underline", "reverse", "strike", "overline"
        return [
            (sign, look.bgcolor, look.meta, [bool(getattr(look, name)) for name in lines], sign == " " or look)
            for text, style, _ in segments
            for look in [style or Style()]
            for sign in text
        ]

    line = [Segment(drawable(text), style) for text, style in pieces]
    joined = ONLY_TEXT.apply(line, None)  # type: ignore[arg-type]
    assert seen(joined) == seen(line)
    assert sum(cell_len(s.text) for s in joined) == sum(cell_len(s.text) for s in line)
    assert all(a.style != b.style for a, b in pairwise(joined) if (a.text + b.text).isascii())


@pytest.mark.parametrize("size", EVERY_SIZE)
async def test_every_size_shows_something(catalogue: Catalogue, size: tuple[int, int]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await press(pilot, "down", "right", "w", "l", "i", "end", "pagedown")
        check(app)
        text = on_screen(app)
        if size < (60, 16):
            assert text.startswith(f"needs 60x16, has {size[0]}x{size[1]}"[: size[0]])
        else:
            assert "? keys" in text
            assert 1 <= sheet(app).row - sheet(app).first_row + 1 < sheet(app).size.height
        await press(pilot, "w")
        check(app)


@pytest.mark.parametrize("keys", [("enter",), ("down", "down", "enter"), ("x",), ("e",), ("?",), ("colon",), ("w",)])
async def test_resizing_with_something_open(catalogue: Catalogue, keys: tuple[str, ...]) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, *keys)
        open_screen = app.screen
        for size in (*EVERY_SIZE, *reversed(EVERY_SIZE), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            await rest(pilot)
            if size > (1, 1):
                check(app)
        assert app.screen is open_screen
        await press(pilot, "escape")
        assert app.screen is app.home
        check(app)
        assert "GPT-3" in on_screen(app)


async def test_the_cursor_is_seen_without_colour(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        go_to(app, 1, "pue")
        await rest(pilot)
        grid = sheet(app)
        line = grid.render_line(grid.row - grid.first_row + 1)
        assert [s.text.strip() for s in line if s.style and s.style.reverse and s.text.strip()] == ["1.10"]
        everything = [segment.style for strip in strips(app.screen) for segment in strip]
        colours = [c for style in everything if style for c in (style.color, style.bgcolor) if c and c.triplet]
        assert all(len(set(colour.triplet)) == 1 for colour in colours if colour.triplet)
        text = on_screen(app)
        assert "◆1 GPT-3" in text
        assert "10,000 ~" in text
        await press(pilot, "enter", "escape", "up", "up", "up", "enter")
        assert "› Google Georgia" in on_screen(app)
