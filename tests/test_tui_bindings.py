"""The one list of key bindings: screens, foot, help and palette follow from it, and from a keymap that changes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input
from tui import app_of, names, on_screen, press, rest, until

from carbontui.tui import bindings
from carbontui.tui.app import CarbonApp
from carbontui.tui.bindings import KEYS, Key
from carbontui.tui.screens.compare.screen import CompareScreen
from carbontui.tui.screens.help import HelpScreen
from carbontui.tui.workspace import first_start
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue

DOCS = Path(__file__).parent.parent / "docs" / "reference.md"


def foot(app: CarbonApp) -> str:
    return on_screen(app).splitlines()[-1].strip()


def help_of(app: CarbonApp) -> str:
    """All lines of the list of keys, as if the window were high enough."""
    assert isinstance(app.screen, HelpScreen)
    return "\n".join(f"{' '.join(one.keys)} = {one.key.text}" for group in app.screen.groups for one in group)


def with_keymap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> CarbonApp:
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path))
    (tmp_path / "config.toml").write_text(f"[app.keymap]\n{text}\n")
    return CarbonApp(open_catalogue(only_first_party=True), first_start())


async def test_a_keymap_is_seen_wherever_keys_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keymap = '"compare.add" = "ctrl+a"\nundo = "!,f2"\nkeys = "f1"\n"compare.scale" = "y"\nsweep = "9"'
    app = with_keymap(monkeypatch, tmp_path, keymap)
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert "ctrl+a add" in foot(app)
        assert " a add" not in foot(app)
        assert "! undo" in foot(app)
        assert foot(app).endswith("f1 keys")
        assert "log [y]" in on_screen(app)
        assert "9 Sweep" in on_screen(app)
        await press(pilot, "d")
        assert len(names(app)) == 7
        await press(pilot, "delete")
        assert "([!] undo)" in on_screen(app)
        await press(pilot, "a", "u")
        assert len(names(app)) == 6
        await press(pilot, "f2", "exclamation_mark")
        assert len(names(app)) == 6
        await press(pilot, "f1")
        listed = help_of(app)
        assert "ctrl+a = Add a scenario" in listed
        assert "! f2 = Undo" in listed
        assert "\na = " not in listed
        await press(pilot, "escape", "ctrl+a")
        assert app.screen is not app.home
        await press(pilot, "escape")
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert commands["Add a scenario"] == "key ctrl+a"


async def test_what_lost_its_key_to_another_is_not_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = with_keymap(monkeypatch, tmp_path, '"compare.add" = "m"')
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        assert "m add" in foot(app)
        assert "metric" not in foot(app)
        await press(pilot, "?")
        assert "Next metric" not in help_of(app)


async def test_an_unknown_id_in_a_keymap_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = with_keymap(monkeypatch, tmp_path, '"compare.ad" = "m"')
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert "app.keymap: compare.ad is not known; did you mean compare.add?" in on_screen(app)


async def test_a_binding_more_is_seen_at_the_foot_in_the_help_and_in_the_palette(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Key("compare", "jump", "circumflex_accent", "jump", "Jump to the baseline", "jump", 0)
    monkeypatch.setattr(bindings, "KEYS", (*KEYS, new))
    monkeypatch.setitem(bindings.IDS, new.id, new)

    class More(CompareScreen):
        BINDINGS: ClassVar[list[BindingType]] = bindings.of("compare")

        def action_jump(self) -> None:
            self.say("jumped")

    class App(CarbonApp):
        def get_default_screen(self) -> Screen[None]:
            return More()

    app = App(catalogue, first_start())
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert foot(app).startswith("^ jump")
        assert "Jump to the baseline" in {command.title for command in app.get_system_commands(app.screen)}
        await press(pilot, "?")
        assert "^ = Jump to the baseline" in help_of(app)
        await press(pilot, "escape")
        await pilot.click("Keys", offset=(2, 0))
        await rest(pilot)
        assert "jumped" in on_screen(app)


async def test_every_screen_names_its_keys_as_they_are_pressed(catalogue: Catalogue) -> None:
    app = app_of(catalogue, "gpt-3@a100@gcp:europe-north1,chips=1024")
    async with app.run_test(size=(320, 60)) as pilot:
        for number, group in enumerate(("plan", "compare", "world", "sweep", "registry", "plugins"), 1):
            await press(pilot, str(number))
            labels = [key.label for key in KEYS if key.group == group and key.label]
            assert all(f" {label}" in foot(app) for label in labels), group
            await press(pilot, "?")
            listed = help_of(app)
            own = {key.name for key in KEYS if key.group == group}
            here = [key for key in KEYS if key.group == group or (key.group == "app" and key.name not in own)]
            assert all(f" = {key.text}" in listed for key in here), group
            assert not re.search(r"question_mark|_sign|bracket|slash", listed)
            await press(pilot, "escape")


def test_ids_are_unique_and_documented() -> None:
    assert len(bindings.IDS) == len(KEYS)
    groups = dict.fromkeys(key.group for key in KEYS)
    rows = [
        f"| {group} | {', '.join(f'`{key.id}`' for key in KEYS if key.group == group and key.text)} |"
        for group in groups
    ]
    table = "\n".join(["| where | ids |", "|---|---|", *rows])
    assert table in DOCS.read_text(encoding="utf-8"), f"docs/reference.md needs this table:\n{table}"


NAMED = {
    "question_mark": "?",
    "left_square_bracket": "[",
    "ctrl+a": "ctrl+a",
    "shift+down": "⇧↓",
    "delete": "del",
    "escape": "esc",
    "pagedown": "pgdn",
    "enter": "enter",
    "space": "space",
    "f1": "f1",
    "J": "J",
}


@pytest.mark.parametrize(("key", "name"), NAMED.items())
def test_keys_by_name(key: str, name: str) -> None:
    assert bindings.name_of(key) == name


async def test_help_finds_a_key_by_words_and_runs_it(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "?", "slash", "'duplicate")
        assert "Duplicate the scenario" in on_screen(app)
        assert "Rename the scenario" not in on_screen(app)
        await press(pilot, "enter")
        assert len(names(app)) == 7


async def test_a_letter_of_another_alphabet_says_what_works(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "ж")
        assert "keys are Latin letters" in on_screen(app)


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("frankfurt", "GCP Frankfurt"),
        ("pareto-best", "Sweep: Next Pareto-best combination"),
        ("copy as latex", "Copy as latex"),
    ],
)
async def test_the_palette_reaches_records_other_screens_and_copies(
    catalogue: Catalogue, typed: str, then: str
) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "ctrl+p")
        app.screen.query_one(Input).value = typed
        await until(pilot, lambda: then in on_screen(app))
        assert then in on_screen(app)


async def test_a_record_of_the_palette_is_opened_in_the_registry(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.action_go("registry")
        app.screen.show_record("region", "gcp:europe-west3")  # type: ignore[attr-defined]
        await rest(pilot)
        assert "GCP Frankfurt" in on_screen(app)
