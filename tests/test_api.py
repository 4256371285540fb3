"""The Python door: what a notebook or a script gets from `import carbontui`."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import carbontui
from carbontui import api
from carbontui.engine.scenario import ScenarioError
from carbontui.errors import FileError
from carbontui.formats.csv_file import COLUMNS, NUMBERS
from carbontui.formats.document import dump
from carbontui.spec import PAPER_RUNS, parse_spec
from carbontui_registry import Figure
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName

Run = Callable[..., "subprocess.CompletedProcess[str]"]
FINLAND = "gpt-3@a100@gcp:europe-north1,chips=1024"


@pytest.fixture(autouse=True)
def opened(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_opened", [catalogue])


# Imports


def test_importing_it_is_nearly_free(run_python: Run) -> None:
    code = "import sys; before = set(sys.modules); import carbontui; print(*sorted(set(sys.modules) - before))"
    assert run_python("-c", code).stdout.split() == ["__future__", "carbontui", "carbontui.version"]


def test_it_never_imports_textual(run_python: Run) -> None:
    code = (
        "import sys, carbontui\n"
        # Sweeps alone run on NumPy.
        "for name in {*carbontui.__all__} - {'sweep'}: getattr(carbontui, name)\n"
        "made = carbontui.compare('gpt-3', 't5'); made._repr_html_(); str(made)\n"
        "for name in ('csv', 'latex', 'svg', 'statement', 'modelcard', 'markdown', 'toml'): made.to(name)\n"
        "print(*sys.modules)"
    )
    roots = {name.split(".")[0] for name in run_python("-c", code).stdout.split()}
    assert "carbontui" in roots
    assert roots.isdisjoint({"textual", "rich", "pandas", "pyarrow", "numpy"})


def test_names() -> None:
    assert set(carbontui.__all__) <= set(dir(carbontui))
    assert carbontui.compare is api.compare
    assert carbontui.engine.footprint.energy(2.0, 1.5) == 3.0
    with pytest.raises(AttributeError, match="has no attribute 'compar'"):
        carbontui.compar  # type: ignore[attr-defined]  # noqa: B018
    for name in carbontui.__all__:
        assert getattr(carbontui, name).__doc__


# Scenarios


def test_a_scenario_by_spec_by_fields_and_by_both() -> None:
    spec = carbontui.scenario("gpt-3@a100@gcp:europe-north1,chips=1024,power=300 W")
    fields = carbontui.scenario(model="gpt-3", hardware="A100", region="gcp:europe-north1", chips=1024, power=300.0)
    both = carbontui.scenario("gpt-3@a100@gcp:europe-north1", chips="1024", power="0.3 kW")
    assert spec == fields == both == parse_spec("gpt-3@a100@gcp:europe-north1,chips=1024,power=300 W")


@pytest.mark.parametrize(
    ("key", "value"),
    [("duration", 355.2), ("compute", 3.14e23), ("throughput", 2.46e13), ("utilisation", 0.3), ("pue", 1.1),
     ("gross", 429.0), ("net", 0.0), ("energy", 1287e3), ("queries", 1e6), ("energy_per_query", 3e-4),
     ("chip_hours", 5.5)],
)  # fmt: skip
def test_a_number_is_in_the_engines_unit(key: str, value: float) -> None:
    assert carbontui.scenario("gpt-3", **{key: value}).given == ((key, Figure(value, "entered")),)
    figure = Figure(value, "measured", 0.1)
    assert carbontui.scenario("gpt-3", **{key: figure}).given == ((key, figure),)


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"chip": 8}, "did you mean chips"), ({"chips": 1.5}, "whole number"), ({"power": "300 Wh"}, "power: "),
     ({"pue": 0.5}, "below 1"), ({"period": "x"}, "is not a period"), ({"power": None}, "power: None is not a figure"),
     ({"pue": True}, "pue: "), ({"power": float("nan")}, "power: nan"), ({"chips": 10**400}, "is not a figure")],
)  # fmt: skip
def test_a_wrong_field(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        carbontui.scenario("gpt-3", **fields)  # type: ignore[arg-type]


def test_no_model() -> None:
    one = carbontui.fill(hardware="h100", chips=8, duration="3 d", power="700 W", pue=1, gross=400)
    assert (one.name, one.model) == ("H100", None)
    assert one.result("gross_kgco2e") == pytest.approx(8 * 72 * 0.7 * 0.4)


def test_numbers_of_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    made = carbontui.scenario("gpt-3", chips=numpy.int64(64), power=numpy.float64(300))
    assert made == parse_spec("gpt-3,chips=64,power=300 W")


def test_a_footprint() -> None:
    one = carbontui.fill("gpt-3")
    assert one.result("gross_kgco2e") == 552148.5772357723
    assert one.inputs["power"].basis == "measured"
    assert carbontui.fill("gpt-3", chips=5000).result("duration_h") == pytest.approx(2 * 354.5618789521228)
    assert carbontui.fill(model="gpt-3").results == one.results
    with pytest.raises(ScenarioError, match="fields add to a SPEC only"):
        carbontui.fill({"model": "gpt-3"}, chips=1)
    assert carbontui.fill({"model": "gpt-3"}, accounting="strict-direct").result("gross_kgco2e") is None
    with pytest.raises(UnknownName, match="did you mean gpt-3"):
        carbontui.fill("gtp-3")
    with pytest.raises(ValueError, match="did you mean direct"):
        carbontui.fill("gpt-3", accounting="dirct")


# Comparisons


def test_a_comparison() -> None:
    made = carbontui.compare(
        "gpt-3", {"model": "t5", "chips": 256}, parse_spec(FINLAND), baseline="T5", metric="energy"
    )
    assert [one.name for one in made.scenarios] == ["GPT-3", "T5", "GPT-3 A100 GCP Finland"]
    assert (made.baseline, made.question.metric) == (1, "energy")
    assert made.ratios[1]["energy"].value == 1.0
    assert carbontui.compare("gpt-3", "t5", baseline=1).baseline == 1
    assert [one.scenario.model for one in carbontui.compare().scenarios] == list(PAPER_RUNS)


@pytest.mark.parametrize(
    ("how", "says"),
    [({"baseline": "T6"}, "there is no scenario 'T6'"), ({"baseline": 2}, "write 0 to 1, or GPT-3 and T5"),
     ({"baseline": -1}, "there is no scenario '-1'"),
     ({"metric": "gros"}, "did you mean gross"), ({"accounting": "x"}, "is not allowed; use as-published")],
)  # fmt: skip
def test_a_wrong_comparison(how: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        carbontui.compare("gpt-3", "t5", **how)  # type: ignore[arg-type]


def test_it_shows_itself() -> None:
    made = carbontui.compare("gpt-3", FINLAND)
    assert str(made) == repr(made) == made.to("table").rstrip("\n")
    html = made._repr_html_()
    assert html.count("<tr>") == 3
    assert "◆ GPT-3" in html
    assert "rests on an assumption" in html
    evil = carbontui.compare("gpt-3,name=<script>alert(1)</script>&\"'")._repr_html_()
    assert "<script" not in evil
    assert "&lt;script&gt;" in evil
    assert carbontui.compare(baseline=None, metric=None).to("json")
    with pytest.raises(ValueError, match="did you mean markdown"):
        made.to("markdwn")
    with pytest.raises(ValueError, match="preset"):
        made.to("statement", preset="x")


@pytest.mark.parametrize("end", ["toml", "json"])
def test_saved_and_loaded(end: str, tmp_path: Path, catalogue: Catalogue) -> None:
    made = carbontui.compare("gpt-3", FINLAND, title="walk")
    path = tmp_path / f"walk.{end}"
    carbontui.save(made, path)
    again = carbontui.load(path)
    assert dump(again, catalogue) == dump(made, catalogue)
    assert dump(carbontui.compare(path, "t5"), catalogue)["title"] == "walk"
    with pytest.raises(FileError, match="use force=True to overwrite"):
        carbontui.save(made, path)
    carbontui.save(made, str(path), force=True)


def test_saved_by_its_ending(tmp_path: Path) -> None:
    made = carbontui.compare("gpt-3")
    for name in ("a.csv", "a.md", "a.card.md", "a.tex", "a.svg", "a.statement.txt", "a.txt"):
        carbontui.save(made, tmp_path / name)
    assert (tmp_path / "a.card.md").read_text(encoding="utf-8").startswith("---\nco2_eq_emissions:")
    assert (tmp_path / "a.bib").exists()
    with pytest.raises(ValueError, match="no format has this ending"):
        carbontui.save(made, tmp_path / "a.pdf")
    carbontui.save(made, tmp_path / "a.sci", format="statement", preset="sci")
    assert "ISO/IEC 21031" in (tmp_path / "a.sci").read_text(encoding="utf-8")


# Tables of other libraries


def test_rows() -> None:
    rows = carbontui.compare("gpt-3", FINLAND).rows()
    assert all(tuple(row) == COLUMNS for row in rows)
    assert rows[0]["gross_kgco2e"] == 552148.5772357723
    assert rows[1]["net_kgco2e"] is None


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_pandas"), ("pyarrow", "to_arrow")])
def test_what_is_not_installed_is_named(library: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=f"{method} needs {library}: pip install {library}"):
        getattr(carbontui.compare("t5"), method)()


def test_pandas() -> None:
    pytest.importorskip("pandas")
    made = carbontui.compare("gpt-3", FINLAND)
    frame = made.to_pandas()
    assert list(frame.columns) == list(COLUMNS)
    assert frame["gross_kgco2e"].tolist() == [one.result("gross_kgco2e") for one in made.scenarios]
    assert frame["net_kgco2e"].isna().tolist() == [False, True]
    assert {str(frame[name].dtype) for name in NUMBERS} == {"float64"}


def test_arrow() -> None:
    pytest.importorskip("pyarrow")
    table = carbontui.compare("gpt-3", FINLAND).to_arrow()
    assert table.column_names == list(COLUMNS)
    assert table["net_kgco2e"].to_pylist() == [552148.5772357723, None]
    assert str(table.schema.field("name").type) == "string"


def test_the_examples_of_the_documentation_run() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", api.__doc__ or "", re.DOTALL)
    code = code.replace("both.to_pandas()", "").replace('carbontui.save(both, "walk.toml")', "")
    names: dict[str, object] = {}
    exec(code, names)
    assert json.loads(names["both"].to("json"))["baseline"] == "GPT-3"  # type: ignore[attr-defined]
    assert importlib.util.find_spec("carbontui.api")
