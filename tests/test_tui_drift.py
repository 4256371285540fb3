"""Drift and other tools' files in the app, through Pilot, and what they look like at both sizes."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from tui import SIZES, app_of, cell, go_to, names, offered, on_screen, press, rest, said, type_in, until

from carbontui.engine.comparison import Question, compare
from carbontui.formats.document import dump
from carbontui.formats.files import read
from carbontui.importers import IMPORTERS as KINDS
from carbontui.importers import kind_of, table
from carbontui.importers import read as read_import
from carbontui.importers.reading import Reading
from carbontui.spec import PAPER_RUNS, parse_spec
from carbontui.tui import autosave
from carbontui.tui.app import CarbonApp
from carbontui.tui.screens.drift import DriftScreen
from carbontui.tui.screens.reader import Reader
from carbontui.tui.views.drift_rows import drift_notice
from carbontui.tui.widgets.pane import Pane
from carbontui.tui.widgets.picker import Picker
from carbontui.tui.widgets.table import Table
from carbontui.tui.workspace import opened
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue, Registered

DATA = Path(__file__).parent / "data"
WALK = ("gpt-3", "gpt-3@v100@gcp:europe-north1,chips=1024", "t5")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the app is started."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def document_of(catalogue: Catalogue, *specs: str) -> dict[str, Any]:
    return dump(compare(Question(tuple(map(parse_spec, specs)), title="walk"), catalogue), catalogue)


def drifted(catalogue: Catalogue) -> str:
    """A file as a registry of other days would have written it: four fields, and a region that is gone."""
    document = document_of(catalogue, *WALK)
    first, second, third = document["scenarios"]
    first["inputs"]["power_w"] = 300.0
    first["basis"]["chips"] = "published"
    second["inputs"] |= {"gross_gco2e_per_kwh": 60.0, "pue": 1.2}
    third["region"] = "paper:gone"
    for one in document["scenarios"]:
        one["results"] = {}
    Path("walk.json").write_text(json.dumps(document))
    return str(Path("walk.json").absolute())


def app_on(catalogue: Catalogue, path: str) -> CarbonApp:
    return CarbonApp(catalogue, opened(read(path)[0], path, autosave.stamp(path)), slot=path)


def rows(app: CarbonApp) -> list[tuple[str, ...]]:
    return [row.cells for row in app.screen.query_one(Table).rows]


def pane(app: CarbonApp) -> str:
    return "\n".join(line.text for line in app.screen.query_one(Pane).shown)


# Drift


async def test_drift_is_noticed_shown_and_taken_over_where_it_is_picked(catalogue: Catalogue) -> None:
    drifted(catalogue)
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        assert "(t) drift" not in on_screen(app)
        await press(pilot, "o")
        await type_in(pilot, "walk.json")
        assert said(app) == "5 figures have changed in the registry since this was saved ([t] review)"
        assert "(t) drift" in on_screen(app)
        assert cell(app, "power", 0) == "300 W"
        await press(pilot, "t")
        assert isinstance(app.screen, DriftScreen)
        assert [row[1:] for row in rows(app)] == [
            ("GPT-3", "chips", "10,000 published", "10,000 assumed", "same"),
            ("GPT-3", "power", "300 W", "330 W", "+10 %"),
            ("GPT-3 GCP Finland", "PUE", "1.20", "1.09", "-9.2 %"),
            ("GPT-3 GCP Finland", "gross factor", "60 gCO2e/kWh", "133 gCO2e/kWh", "+122 %"),
            ("T5", "region", "paper:gone", "not registered", "same"),
        ]
        await press(pilot, "enter")
        assert "nothing is picked" in said(app)
        await press(pilot, "down", "space")
        assert rows(app)[1][0] == "●"
        assert said(app) == "1 of 4 picked"
        assert "power of GPT-3" in pane(app)
        assert "in the registry 330 W, measured" in pane(app)
        assert "gross CO2e: 502.0 t would be 552.1 t (+10 %)" in pane(app)
        await press(pilot, "end", "space")
        assert "no longer registered" in said(app)
        assert "1 of 4" not in said(app)
        await press(pilot, "enter")
        assert app.screen is app.home
        assert said(app) == "Updated one figure from the registry ([u] undo)"
        assert cell(app, "power", 0) == "330 W"
        assert app.workspace.changed
        assert [one.key for one in app.drifts()] == ["chips", "pue", "gross", "region"]
        await press(pilot, "t", "a", "space", "u")
        assert [one.key for one in app.drifts()] == ["chips", "region"]
        await press(pilot, "u", "u")
        assert cell(app, "power", 0) == "300 W"
        assert not app.workspace.changed
        assert len(app.drifts()) == 5


async def test_leaving_changes_nothing(catalogue: Catalogue) -> None:
    app = app_on(catalogue, drifted(catalogue))
    async with app.run_test(size=(80, 24)) as pilot:
        before = app.workspace
        for keys in (("escape",), ("a", "escape"), ("a", "a", "enter", "q"), ("a", "J", "K", "escape")):
            await press(pilot, "t", *keys)
            assert app.screen is app.home
            assert app.workspace is before
        await press(pilot, "m", "t")
        assert "net CO2e" in on_screen(app)
        await pilot.click("Keys", offset=(2, 0))
        await rest(pilot)
        assert rows(app)[0][0] == "●"


async def test_where_nothing_drifts_it_says_so(catalogue: Catalogue) -> None:
    app = app_of(catalogue)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        assert "nothing here came from a file" in said(app)
        Path("same.json").write_text(json.dumps(document_of(catalogue, *PAPER_RUNS)))
        await press(pilot, "o")
        await type_in(pilot, "same.json")
        assert said(app).startswith("opened ")
        await press(pilot, "t")
        assert said(app) == "no drift: the registry still has the same figures"
        assert app.screen is app.home
    assert drift_notice([]) == ""
    assert "1 figure has changed" in drift_notice(app_on(catalogue, drifted(catalogue)).drifts()[:1])


async def test_results_that_do_not_follow_are_said(catalogue: Catalogue) -> None:
    document = document_of(catalogue, "gpt-3", "t5")
    document["scenarios"][1]["results"] |= {"energy_kwh": 5.0, "net_kgco2e": 1.0}
    Path("hand.json").write_text(json.dumps(document))
    app = app_of(catalogue)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "o")
        await type_in(pilot, "hand.json")
        assert said(app).startswith("energy_kwh of T5 is 5.0 in the file but 85")
        assert said(app).endswith("from its inputs, and 1 more")


async def test_the_registry_is_read_once_for_all_scenarios(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = document_of(catalogue, *PAPER_RUNS)
    for fields in document["scenarios"]:
        fields["inputs"]["pue"] = 1.9
    Path("other.json").write_text(json.dumps(document))
    app = app_on(catalogue, "other.json")
    read, all_of = [], Catalogue.all

    def counted(self: Catalogue, kind: str) -> Sequence[Registered]:
        read.append(kind)
        return all_of(self, kind)

    monkeypatch.setattr(Catalogue, "all", counted)
    assert len({one.number for one in app.drifts() if one.key == "pue"}) == len(PAPER_RUNS)
    assert len(read) == len(set(read)) > 0


async def test_another_registry_drifts_otherwise(catalogue: Catalogue) -> None:
    Path("same.json").write_text(json.dumps(document_of(catalogue, "gpt-3")))
    app = app_on(catalogue, "same.json")
    async with app.run_test(size=(80, 24)) as pilot:
        await rest(pilot)
        assert app.drifts() == []
        without = open_catalogue(only_first_party=True, without=["carbontui:paper"])
        app.use(without)
        await rest(pilot)
        assert "region" in [one.key for one in app.drifts()]
        assert "(t) drift" in on_screen(app)


# Other tools' files


@pytest.mark.parametrize(
    ("sample", "kind"),
    [
        ("codecarbon_emissions_sample.csv", "codecarbon"),
        ("codecarbon_boamps_sample.json", "boamps"),
        ("nvidia_smi.csv", "nvidia-smi"),
        ("llmcarbon_database.csv", "llmcarbon"),
        ("green_algorithms.csv", "green-algorithms"),
        ("mlco2.csv", "mlco2"),
    ],
)
async def test_a_file_of_another_tool_is_added(sample: str, kind: str, catalogue: Catalogue, folder: Path) -> None:
    target = folder / sample
    target.write_bytes((DATA / sample).read_bytes())
    assert kind_of(str(target)) == kind
    app = app_of(catalogue, "gpt-3", "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "o")
        await type_in(pilot, sample)
        await until(pilot, lambda: len(names(app)) > 2 and said(app).startswith("imported"))
        expected = compare(Question(read_import(kind, str(target), Reading(catalogue))), catalogue)
        assert [one.scenario for one in app.comparison.scenarios[2:]] == [one.scenario for one in expected.scenarios]
        count = len(expected.scenarios)
        what = "one scenario" if count == 1 else f"{count} scenarios"
        sums = "" if count == 1 else ", [7] Ledger adds up whole logs"
        assert said(app) == f"imported {what} from {sample} ([n] notes{sums}) ([u] undo)"
        assert app.home.at == 2
        assert app.workspace.path is None
        assert "(t) drift" not in on_screen(app)
        await press(pilot, "n")
        assert isinstance(app.screen, Reader)
        notes = [one.scenario.note for one in expected.scenarios if one.scenario.note]
        assert all(note in app.screen.text for note in notes)
        await press(pilot, "escape", "u")
        assert names(app) == ["GPT-3", "T5"]


async def test_what_wrote_a_file_is_asked_where_it_cannot_be_told(catalogue: Catalogue, folder: Path) -> None:
    (folder / "odd.csv").write_text("a,b\n1,2\n")
    (folder / "none.txt").write_text("")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "o")
        assert offered(app) == ["none.txt", "odd.csv", "../"]
        await type_in(pilot, "odd.csv")
        assert isinstance(app.screen, Picker)
        assert offered(app) == list(KINDS)
        await press(pilot, "escape", "o")
        await type_in(pilot, "odd.csv")
        await press(pilot, "'mlco", "enter")
        await until(pilot, lambda: "has no column" in on_screen(app))
        assert isinstance(app.screen, Reader)
        assert app.screen.text.startswith("odd.csv, line 1: has no column 'hardware', so it is not a CSV of hardware")
        await press(pilot, "escape", "o")
        await type_in(pilot, "/nowhere/x.csv")
        assert "/nowhere/x.csv: no such file" in on_screen(app)
        assert names(app) == ["T5"]


async def test_a_long_log_says_how_far_it_is_and_can_be_stopped(
    catalogue: Catalogue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, row = (DATA / "codecarbon_emissions_sample.csv").read_text().splitlines()
    with (folder / "long.csv").open("w") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows([row.split(",")] * 10_000)
    going, told = threading.Event(), threading.Event()
    lines_of = table.lines_of

    def slow(path: str, reading: Reading) -> Iterator[str]:
        for number, line in enumerate(lines_of(path, reading)):
            if number == 5000:
                told.set()
                assert going.wait(30)
            yield line

    monkeypatch.setattr(table, "lines_of", slow)
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "o")
        await type_in(pilot, "long.csv")
        await until(pilot, lambda: told.is_set() and "%" in said(app))
        assert said(app).startswith("reading long.csv: ")
        assert said(app).endswith("esc stops")
        await press(pilot, "m", "escape")
        assert said(app) == "stopped; nothing was changed"
        going.set()
        await rest(pilot)
        assert names(app) == ["T5"]
        assert app.comparison.question.metric == "net"
        await press(pilot, "o")
        await type_in(pilot, "long.csv")
        await until(pilot, lambda: len(names(app)) == 2)


def test_a_comparison_is_no_file_of_another_tool(catalogue: Catalogue, folder: Path) -> None:
    document = document_of(catalogue, "gpt-3") | {"note": '"measures": 1, "powerConsumption": 2'}
    for text in (json.dumps(document), "carbontui = 1", "", "{", "\0" * 100, "timestamp,a", "2026/01/31,1"):
        (folder / "x").write_text(text)
        assert kind_of(str(folder / "x")) is None
    (folder / "x").write_text("2026/01/31 12:00:00.5, 60.50 W\n")
    assert kind_of(str(folder / "x")) == "nvidia-smi"


async def test_names_in_drift_steer_nothing(catalogue: Catalogue) -> None:
    document = document_of(catalogue, *WALK)
    del document["baseline"]
    document["scenarios"][0] |= {"name": "[@click=app.quit]x[/b]\x1b[31m", "region": "[b]\x1b]0;gone\x07"}
    document["scenarios"][0]["inputs"]["power_w"] = 300.0
    Path("x.json").write_text(json.dumps(document))
    app = app_on(catalogue, "x.json")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "a", "down")
        assert "[@click=app" in on_screen(app)
        assert not set("\x1b\x07") & set(on_screen(app))
        await press(pilot, "enter")
        assert app.is_running


# Pictures


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", ["notice", "drift", "light", "open"])
def test_snapshot(
    name: str, size: tuple[int, int], first_party: Catalogue, snap_compare: Callable[..., bool], folder: Path
) -> None:
    path = drifted(first_party)
    (folder / "emissions.csv").write_text("energy_consumed\n1\n")
    app = app_on(first_party, path)
    app.animation_level = "none"
    keys = {"notice": (), "open": ("o",)}.get(name, ("t", "down", "space", "down", "space", "down"))

    async def before(pilot: Pilot[int]) -> None:
        await rest(pilot)
        if name == "light":
            app.theme = "carbon-light"
        go_to(app, 0, "power")
        await press(pilot, *keys)
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await rest(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)
