"""What is listed once shows everywhere: one entry and one module each, and nothing else is changed."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tui import app_of, rest

from carbontui import cli, commands, formats, importers, quantities
from carbontui.commands import Command, compare, import_files
from carbontui.engine.comparison import Question
from carbontui.engine.comparison import compare as compare_all
from carbontui.engine.scenario import Scenario
from carbontui.formats import Format, schema
from carbontui.importers import Importer
from carbontui.spec import parse_spec
from carbontui.tui.screens.export import ExportScreen
from carbontui.tui.views import sheet_rows
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure


def module(name: str, monkeypatch: pytest.MonkeyPatch, **has: object) -> None:
    """A module in memory, where the program looks for one in a file."""
    made = ModuleType(name)
    made.__dict__.update(has)
    monkeypatch.setitem(sys.modules, name, made)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints; `--help` leaves by itself."""
    with contextlib.suppress(SystemExit):
        assert cli.main(arguments) == 0
    return capsys.readouterr().out


def nothing(*_: object, **__: object) -> None:
    """A hook that has nothing to do."""


def test_a_command_is_one_entry_and_one_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(commands.COMMANDS, "greet", Command("greet", "say hello"))
    module(
        "carbontui.commands.greet",
        monkeypatch,
        FORMATS=(),
        EXAMPLE="carbontui greet",
        add_arguments=nothing,
        run=lambda _: print("hello") or 0,
    )
    assert "greet" in printed(capsys, "--help")
    assert "carbontui greet" in printed(capsys, "greet", "--help")
    assert printed(capsys, "greet") == "hello\n"


def test_a_format_is_one_entry_and_one_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(formats.FORMATS, "haiku", Format("haiku", "haiku", "three lines"))
    monkeypatch.setattr(compare, "FORMATS", tuple(formats.FORMATS))
    module(
        "carbontui.formats.haiku",
        monkeypatch,
        write=lambda made, *_, **__: f"{len(made.scenarios)} went for a walk\n",
    )
    assert "haiku" in printed(capsys, "compare", "--help")
    assert printed(capsys, "compare", "t5", "--format", "haiku") == "1 went for a walk\n"
    target = tmp_path / "walk.haiku"
    printed(capsys, "compare", "t5", "-o", str(target))
    assert target.read_text() == "1 went for a walk\n"


async def test_the_app_offers_a_format_that_is_listed(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
    monkeypatch.setitem(formats.FORMATS, "haiku", Format("haiku", "haiku", "three lines"))
    module("carbontui.formats.haiku", monkeypatch, write=lambda *_, **__: "a walk\n")
    app = app_of(catalogue, "t5")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await pilot.press("e")
        await rest(pilot)
        assert isinstance(app.screen, ExportScreen)
        assert "haiku" in app.screen.formats


def test_an_importer_is_one_entry_and_one_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(importers.IMPORTERS, "abacus", Importer("abacus", "what an abacus wrote"))
    monkeypatch.setattr(import_files, "IMPORTERS", importers.IMPORTERS)
    module("carbontui.importers.abacus", monkeypatch, read=lambda *_: [Scenario(model="t5")])
    log = tmp_path / "beads.txt"
    log.write_text("o-o\n")
    assert "abacus" in printed(capsys, "import", "--help")
    assert "T5" in printed(capsys, "import", "abacus", str(log))


def test_a_quantity_is_one_entry(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], catalogue: Catalogue
) -> None:
    layers = quantities.Quantity("layers", "number", "layers", "layers", "Layers of the model.", quantities.MODEL, "96")
    monkeypatch.setitem(quantities.QUANTITIES, "layers", layers)
    monkeypatch.setitem(quantities.LABELS, "layers", "layers")
    monkeypatch.setitem(quantities.FILE_KEYS, "layers", "layers")
    assert "layers             Layers of the model, such as 96" in printed(capsys, "help", "spec")
    found = json.dumps(schema.comparison_schema())
    assert '"layers"' in found
    assert "Layers of the model." in found
    made = compare_all(Question((parse_spec("t5"),)), catalogue)
    one = made.scenarios[0]
    entered = one.inputs["chips"].replace(figure=Figure(96.0, "entered"))
    described = made.replace(scenarios=(one.replace(inputs={**one.inputs, "layers": entered}),))
    assert [row.cells[0].text for row in sheet_rows.rows(described, all_inputs=False) if row.key == "layers"] == ["96"]
