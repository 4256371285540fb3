"""A cell of Compare is changed where it stands: a picker, a typed figure, a refusal."""

from __future__ import annotations

import pytest
from textual.widgets import Input
from tui import (
    app_of,
    at_both_sizes,
    beside_field,
    cell,
    go_to,
    offered,
    on_screen,
    press,
    rest,
    said,
    type_in,
)

from carbontui.tui.widgets.editor import Editor
from carbontui.tui.widgets.picker import ChoiceList, Picker
from carbontui_registry.catalogue import Catalogue


@at_both_sizes
@pytest.mark.parametrize(
    ("part", "query", "taken", "shown"),
    [
        ("model", "meena", "meena", "Meena"),
        ("hardware", "a100 80", "a100-sxm4-80", "A100"),
        ("region", "finland gcp", "gcp:europe-north1", "GCP Finland"),
    ],
)
async def test_enter_on_a_part_picks_another(
    catalogue: Catalogue, size: tuple[int, int], part: str, query: str, taken: str, shown: str
) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        go_to(app, 0, part)
        await press(pilot, "enter")
        assert isinstance(app.screen, Picker)
        everything = len(offered(app))
        await press(pilot, f"'{query.replace(' ', '  ')}")
        assert taken in offered(app)[:2]
        assert len(offered(app)) < everything
        while app.screen.query_one(ChoiceList).current.id != taken:  # type: ignore[union-attr]
            await press(pilot, "down")
        await press(pilot, "enter")
        assert getattr(app.workspace.question.scenarios[0], part) == taken
        assert cell(app, part) == shown
        assert "*" in on_screen(app).splitlines()[0]
        await press(pilot, "u")
        assert not app.workspace.changed


async def test_the_cursor_of_a_picker_moves_before_it_has_drawn(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test() as pilot:
        go_to(app, 0, "model")
        app.screen.action_change()  # type: ignore[attr-defined]
        await pilot._wait_for_screen()
        picker = app.screen
        picker.action_step(2)  # type: ignore[attr-defined]
        chosen = picker.query_one(ChoiceList).current
        await rest(pilot)
        assert chosen is not None
        assert picker.query_one(ChoiceList).current == chosen
        assert chosen.id == offered(app)[offered(app).index(app.comparison.scenarios[0].scenario.model or "") + 2]


async def test_what_is_typed_before_the_picker_has_drawn_filters(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test() as pilot:
        go_to(app, 0, "model")
        app.screen.action_change()  # type: ignore[attr-defined]
        await pilot._wait_for_screen()
        app.screen.query_one(Input).value = "meena"
        app.screen._start()  # type: ignore[attr-defined]
        await rest(pilot)
        assert offered(app) == ["meena"]


async def test_the_picker_stands_on_what_is_chosen_and_esc_changes_nothing(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        go_to(app, 1, "hardware")
        await press(pilot, "enter")
        assert app.screen.query_one(ChoiceList).current.id == "tpu-v3"  # type: ignore[union-attr]
        assert "known with Switch Transformer" in app.screen.query_one(ChoiceList).choices[0].group
        await press(pilot, "pagedown", "pageup", "up", "escape")
        assert not app.workspace.changed
        await press(pilot, "enter", "'zzzzqqq", "enter")
        # Nothing is called so: it is described.
        assert isinstance(app.screen, Editor)
        await press(pilot, "escape")
        assert not app.workspace.changed
        await press(pilot, "enter")
        assert isinstance(app.screen, Picker)
        await pilot.click(offset=(0, 0))
        assert not isinstance(app.screen, Picker)


@at_both_sizes
@pytest.mark.parametrize(
    ("key", "typed", "shown", "meaning"),
    [
        ("chips", "512", "512", "= 512"),
        ("duration_h", "12 d", "12.0 d", "= 12 d"),
        ("power", "0.3 kW", "300 W", "= 300 W"),
        ("pue", "1.2", "1.20", "= 1.2"),
        ("gross", "39 gCO2e/kWh", "39 gCO2e/kWh", "= 39 gCO2e/kWh"),
    ],
)
async def test_a_typed_quantity_is_taken_and_backspace_derives_it_again(
    catalogue: Catalogue, size: tuple[int, int], key: str, typed: str, shown: str, meaning: str
) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        go_to(app, 0, key)
        result = "duration_h" if key == "chips" else "gross_kgco2e"
        before, figure = cell(app, key), cell(app, result)
        await press(pilot, "enter")
        assert isinstance(app.screen, Editor)
        app.screen.query_one(Input).value = typed
        await rest(pilot)
        assert beside_field(app) == (meaning, False)
        await press(pilot, "enter")
        assert cell(app, key) == shown
        assert cell(app, result) != figure
        await press(pilot, "backspace")
        assert cell(app, key) == before
        await press(pilot, "u", "equals_sign", "enter")
        await type_in(pilot, "")
        assert (cell(app, key), cell(app, result)) == (before, figure)


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        ("chips", "1.5", "whole number"),
        ("duration_h", "12 kg", "12 kg"),
        ("duration_h", "-3 d", ""),
        ("power", "350 Wh", "Wh"),
        ("power", "10**10**10", ""),
        ("pue", "0.5", ""),
        ("gross", "[/b] g", ""),
    ],
)
async def test_a_refusal_stands_beside_the_field(catalogue: Catalogue, key: str, typed: str, reason: str) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        go_to(app, 0, key)
        await press(pilot, "enter")
        await type_in(pilot, typed)
        assert isinstance(app.screen, Editor)
        text, refused = beside_field(app)
        assert refused
        assert reason in text
        assert text.split()[0] in on_screen(app)
        await press(pilot, "escape")
        assert not app.workspace.changed


async def test_enter_on_an_untouched_field_enters_nothing(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("chips", "duration_h", "gross"):
            go_to(app, 0, key)
            await press(pilot, "enter", "enter")
        assert not app.workspace.changed
        go_to(app, 0, "energy_kwh")
        await press(pilot, "enter")
        assert "follows from the inputs" in said(app)


async def test_a_part_is_left_to_the_model_by_backspace(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@a100@gcp:europe-north1")
    async with app.run_test() as pilot:
        for key, shown in (("hardware", "V100"), ("region", "Microsoft")):
            go_to(app, 0, key)
            await press(pilot, "backspace")
            assert cell(app, key) == shown
        go_to(app, 0, "model")
        await press(pilot, "backspace")
        assert cell(app, "model") == "GPT-3"


async def test_what_a_model_is_known_to_have_stands_there_though_nothing_follows_from_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3", "llama-3.1-8b@h100@aws:us-east-1,chips=8,tokens=2B")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        lines = {line[1:20].strip(): line[20:].split() for line in on_screen(app).splitlines()}
        assert lines["Tokens"] == ["300B", "2B"]
        assert lines["Parameters"] == ["175B", "8.03B"]
        go_to(app, 0, "tokens")
        await rest(pilot)
        assert said(app).startswith("tokens: of GPT-3; no result here depends on it · ")
