"""Keys that come faster than screens and editors open: each goes where it would have gone, had one waited."""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot
from tui import app_of, names, on_screen, rest, until

from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.sweep.screen import SweepScreen
from carbontui.tui.widgets.form import Form
from carbontui_registry.catalogue import Catalogue

KEYS = {" ": "space", ",": "comma", ":": "colon", "-": "minus", "\r": "enter", "\x1b": "escape", "\t": "tab"}
JOB = "@h100@aws:us-east-1,chips=8,duration=3 d"


async def at_once(pilot: Pilot[int], app: CarbonApp, text: str) -> None:
    """All keys at once, as a terminal hands over what was typed while it was busy."""
    for sign in text:
        app.post_message(events.Key(KEYS.get(sign, sign), sign))
    await settled(pilot, app)


async def settled(pilot: Pilot[int], app: CarbonApp) -> None:
    """Let every key have its effect."""
    await until(pilot, lambda: app.message_queue_size == 0 and not app.type_ahead.waiting)
    await rest(pilot)


async def test_limits_are_typed_before_the_sweep_is_there(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await at_once(pilot, app, "4L30 d, EU\r")
        assert isinstance(app.screen, SweepScreen)
        assert app.workspace.limits == "30 d, EU"
        assert "at most 30 d · within EU" in on_screen(app)


async def test_enter_before_the_app_has_the_terminal_is_enter(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        app.post_message(events.Key("down", None))
        app.post_message(events.Key("ctrl+j", "\n"))
        for sign in "8xh100":
            app.post_message(events.Key(sign, sign))
        app.post_message(events.Key("ctrl+j", "\n"))
        await settled(pilot, app)
        assert app.workspace.question.scenarios[0].hardware == "h100-sxm5-80"


async def test_a_job_is_described_without_a_look_at_the_screen(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3")
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        await at_once(pilot, app, "1j\r8xh100\r\r3 d\r\raws:us-east-1\rc")
        assert names(app) == ["GPT-3", "H100 AWS N. Virginia"]
        assert app.workspace.question.scenarios[1].hardware == "h100-sxm5-80"


async def test_what_is_pasted_goes_where_the_keys_before_it_lead(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        app.post_message(events.Key("r", "r"))
        app.post_message(events.Key("ctrl+a", None))
        app.post_message(events.Paste("my fine-tune "))
        app.post_message(events.Key("enter", "\r"))
        await settled(pilot, app)
        assert names(app)[0].startswith("my fine-tune ")


async def test_a_screen_without_anything_to_type_into_takes_keys_itself(catalogue: Catalogue) -> None:
    app = app_of(catalogue, JOB)
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        await at_once(pilot, app, "n\x1b1")
        assert app.tab == "plan"
        assert app.screen.query_one(Form).has_focus
