"""What other tools write, whichever tool it was: it opens again, is named, and never gives a traceback."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imported import SAMPLES, values

from carbontui.cli import main
from carbontui.engine.comparison import Question, compare
from carbontui.engine.ledger.account import Ledger
from carbontui.engine.ledger.runs import Runs
from carbontui.engine.scenario import Scenario, ScenarioError
from carbontui.engine.solver import fill
from carbontui.errors import FileError
from carbontui.formats import write_format
from carbontui.formats.files import read
from carbontui.importers import IMPORTERS as KINDS
from carbontui.importers import read_entries, read_files
from carbontui.importers.countries import ALPHA_2
from carbontui.importers.names import hardware_key
from carbontui.importers.reading import Reading
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_read_opens_again_to_the_same_figures(kind: str, catalogue: Catalogue, tmp_path: Path) -> None:
    scenarios = read_files(kind, [str(SAMPLES[kind])], Reading(catalogue))
    before = compare(Question(scenarios), catalogue)
    for form in ("toml", "json"):
        path = tmp_path / f"c.{form}"
        path.write_text(write_format(form, before, catalogue, width=None, colour=False), encoding="utf-8")
        after = compare(read(str(path))[0], catalogue)
        for old, new in zip(before.scenarios, after.scenarios, strict=True):
            assert (old.name, old.texts, old.scenario.note) == (new.name, new.texts, new.scenario.note)
            assert values(old) == values(new)
            assert {k: r.value for k, r in old.results.items()} == {k: r.value for k, r in new.results.items()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["json", "toml", "csv", "markdown", "latex", "modelcard", "statement", "svg"])
def test_every_format_takes_what_was_read(kind: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", kind, str(SAMPLES[kind]), "--format", form]) == 0
    assert capsys.readouterr().out


def test_every_country_of_the_registry_has_three_letters(catalogue: Catalogue) -> None:
    two = {one.record.country for one in catalogue.all("region") if one.first_party and one.record.country}
    assert two <= set(ALPHA_2.values())
    assert len(set(ALPHA_2.values())) == len(ALPHA_2)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Tesla V100-SXM2-16GB", "v100-sxm2-16"),
        ("Tesla T4", "t4"),
        ("NVIDIA H100 PCIe", "h100-pcie"),
        ("NVIDIA GeForce RTX 3090", "rtx-3090"),
        ("NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80"),
        ("AMD Instinct MI300X", "mi300x"),
        ("NVIDIA A100-SXM4-80GB MIG 1g.10gb", None),
        ("", None),
    ],
)
def test_names_of_hardware(catalogue: Catalogue, name: str, known: str | None) -> None:
    found = Reading(catalogue).names.hardware(name)
    assert (found.id if found else None) == known
    assert hardware_key("NVIDIA A100-SXM4-80GB") == "a100sxm480gb"


def test_kinds_are_the_command_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "codecarbn", "x"]) == 2
    said = capsys.readouterr().err
    assert "did you mean codecarbon?" in said
    assert all(kind in said for kind in KINDS)


def test_the_command_says_what_is_unknown_and_what_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["import", "codecarbon", str(SAMPLES["codecarbon"]), str(SAMPLES["codecarbon"])]) == 0
    assert "carbontui-peer-sample (2)" in capsys.readouterr().out
    assert main(["import", "boamps", str(tmp_path / "none.json")]) == 2
    assert "none.json: No such file" in capsys.readouterr().err
    out = tmp_path / "out.toml"
    assert main(["import", "mlco2", str(SAMPLES["mlco2"]), "--format", "toml", "-o", str(out)]) == 0
    capsys.readouterr()
    assert main(["compare", str(out)]) == 0  # the second row has no chips
    assert "no chips; add chips=" in " ".join(capsys.readouterr().out.split())


def test_interrupting_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("carbontui.commands.import_files.read_files", interrupted)
    assert main(["import", "boamps", "x"]) == 130
    assert capsys.readouterr().err == ""


CELL = st.one_of(
    st.text(max_size=8), st.floats().map(str), st.sampled_from(["0", "1", "1e308", "2 x T4", "FRA", "[N/A]"])
)


def survives(kind: str, raw: bytes, catalogue: Catalogue, path: Path) -> None:
    """Reads or refuses, and what was read can be compared or is refused in words, and be written."""
    path.write_bytes(raw)
    try:
        runs = Runs()
        runs.add(read_entries(kind, str(path), Reading(catalogue)))
        assert Ledger(runs, catalogue).account(("month", "hardware")).total.runs == len(runs)
        comparison = compare(Question(read_files(kind, [str(path)], Reading(catalogue))), catalogue)
    except (FileError, ScenarioError) as refused:
        said = str(refused)
    else:
        path.write_text(write_format("toml", comparison, catalogue, width=None, colour=False), encoding="utf-8")
        read(str(path))
        return
    assert said.isprintable()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(data=st.data())
def test_random_bytes_never_give_a_traceback(
    kind: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    sample = SAMPLES[kind].read_bytes()
    at = data.draw(st.integers(0, len(sample)))
    noise = data.draw(st.binary(max_size=40))
    raw = data.draw(st.sampled_from([noise, sample[:at] + noise + sample[at:], sample[:at] + noise]))
    survives(kind, raw, catalogue, tmp_path_factory.getbasetemp() / f"noise-{kind}")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "boamps"])
@settings(max_examples=200)
@given(data=st.data())
def test_random_rows_never_give_a_traceback(
    kind: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    delimiter = ";" if kind == "green-algorithms" else ","
    first, *rows = csv.reader(SAMPLES[kind].read_text(encoding="utf-8").splitlines(), delimiter=delimiter)
    made = [list(row) for row in rows]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(made))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELL)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([first, *made])
    raw = out.getvalue().encode("utf-8", "surrogatepass")
    survives(kind, raw, catalogue, tmp_path_factory.getbasetemp() / f"rows-{kind}")


def test_another_place_keeps_what_the_machine_drew(catalogue: Catalogue) -> None:
    """A log's energy holds PUE; elsewhere the PUE is another one, and the machine is the same."""
    figure = Figure(103.0, "measured"), Figure(1.03, "measured")
    logged = Scenario(
        name="run",
        hardware="h100-sxm5-80",
        region="aws:us-east-1",
        carried=(
            ("chips", Figure(8.0, "measured")),
            ("duration", Figure(24.0, "measured")),
            ("energy", figure[0]),
            ("pue", figure[1]),
        ),
    )
    moved = fill(logged.choose("region", "aws:eu-north-1"), catalogue)
    assert moved.result("it_energy_kwh") == pytest.approx(100.0)
    assert moved.result("energy_kwh") == pytest.approx(100.0 * moved.inputs["pue"].value)
