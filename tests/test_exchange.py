"""Comparisons as JSON and TOML: what stands in them, that they come back the same, and what is refused."""

from __future__ import annotations

import copy
import json
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

import pytest
from anything import ANY_SPEC
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carbontui.engine.comparison import Comparison, Question, compare
from carbontui.engine.scenario import ScenarioError
from carbontui.errors import FileError
from carbontui.files import parse
from carbontui.formats import write_format
from carbontui.formats.document import dump
from carbontui.formats.document import stale as drift
from carbontui.formats.files import read
from carbontui.formats.reader import BadDocument, load
from carbontui.quantities import ACCOUNTINGS, METRICS, TEXTS
from carbontui.spec import parse_spec
from carbontui_registry import Figure
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName
from carbontui_registry.indexing import build
from carbontui_registry.plugin import Loaded

SPECS = [
    "gpt-3",
    "gpt-3@a100@gcp:europe-north1,chips=1024",
    "t5,chips=512,duration=9 d",
    "bloom-176b",
    "pythia-70m@@grid:fr",
]
TOP = {"carbontui", "baseline", "metric", "accounting", "data", "cite", "scenarios", "sources", "plugins"}
PARTS = {"name", "model", "hardware", "region", "inputs", "results", "basis", "spreads", "interval90", "sources"}


@pytest.fixture(scope="module")
def empty() -> Catalogue:
    connection = sqlite3.connect(":memory:")
    build(Loaded((), (), (), (), {}), connection)
    return Catalogue(connection)


def compared(specs: list[str], catalogue: Catalogue, **how: Any) -> Comparison:
    return compare(Question(tuple(map(parse_spec, specs)), **how), catalogue)


def text_of(comparison: Comparison, catalogue: Catalogue, form: str) -> str:
    return write_format(form, comparison, catalogue, width=None, colour=False)


def figures(comparison: Comparison) -> list[dict[str, Any]]:
    """All that a comparison says, but for where it was found."""
    return [
        {
            "name": one.name,
            "inputs": {key: (i.value, i.basis, i.spread, i.source) for key, i in one.inputs.items()},
            "texts": one.texts,
            "results": {key: (r.value, r.basis) for key, r in one.results.items()},
            "published": {key: figure.value for key, figure in one.published.items()},
            "ratios": {metric: r.value for metric, r in ratios.items()},
            "spreads": {metric: r.spread and round(r.spread, 9) for metric, r in ratios.items()},
        }
        for one, ratios in zip(comparison.scenarios, comparison.ratios, strict=True)
    ]


def without_source_ids(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for one in found:
        one["inputs"] = {k: (*i[:3], i[3] and (i[3].title, i[3].url, i[3].year)) for k, i in one["inputs"].items()}
    return found


# What stands in them


@pytest.mark.parametrize("form", ["json", "toml"])
def test_keys_are_those_of_the_contract(form: str, catalogue: Catalogue) -> None:
    made = compared(SPECS, catalogue)
    document = parse("x", text_of(made, catalogue, form))
    assert set(document) == TOP
    gpt, finland, *rest = document["scenarios"]
    may = {"run", "published", "missing", "notes", "errors"}
    assert set(gpt) == PARTS | {"run", "published", "missing", "errors", "notes"}
    # A job of one's own has no region unless it is given.
    assert all(PARTS - {"region"} <= set(one) <= PARTS | may for one in rest)
    assert "published" not in finland
    for one in document["scenarios"]:
        assert set(one["basis"]) == set(one["inputs"]) - set(TEXTS)
        assert set(one["sources"].values()) <= {source["id"] for source in document["sources"]}
        assert set(one["interval90"]) == set(one["spreads"]) & set(one["results"])
        assert set(one["spreads"]) <= set(one["inputs"]) | set(one["results"])
        assert "duration_h" not in one["inputs"] or one["inputs"]["duration_h"] == one["results"]["duration_h"]
    assert gpt["inputs"] | gpt["results"] | gpt["published"] | {
        "chips": 10000, "power_w": 330.0, "throughput_flop_per_s": 2.46e13, "period": "2020", "compute_flop": 3.14e23,
        "pue": 1.1, "gross_gco2e_per_kwh": 429.0, "net_gco2e_per_kwh": 429.0, "duration_h": 354.5618789521228,
        "it_energy_kwh": 1170054.2005420052, "gross_ratio_to_baseline": 1.0, "energy_ratio_to_baseline": 1.0,
    } == gpt["inputs"] | gpt["results"] | gpt["published"]  # fmt: skip
    assert gpt["results"]["gross_kgco2e"] == 552148.5772357723
    assert gpt["published"] == {"energy_kwh": 1287000.0, "gross_kgco2e": 552100.0, "net_kgco2e": 552100.0}
    assert (gpt["basis"]["power_w"], gpt["basis"]["chips"]) == ("measured", "assumed")


def test_what_is_unknown_is_absent_and_ids_are_canonical(catalogue: Catalogue) -> None:
    document = dump(compared(["gpt-3@A100@gcp:Europe-North1"], catalogue), catalogue)
    one = document["scenarios"][0]
    assert (one["hardware"], one["region"]) == ("a100-sxm4-80", "gcp:europe-north1")
    assert not [key for key in (*one["inputs"], *one["results"], *one["sources"]) if key.startswith("net")]
    assert "null" not in json.dumps(document)


def test_sources_and_plugins_are_those_used(catalogue: Catalogue) -> None:
    document = dump(compared(["gpt-3"], catalogue), catalogue)
    assert [source["id"] for source in document["sources"]] == ["patterson-2021"]
    assert {plugin["name"] for plugin in document["plugins"]} == {"carbontui:paper", "carbontui:nvidia"}
    more = dump(compared(["gpt-3", "gpt-3@a100@gcp:europe-north1"], catalogue), catalogue)
    ids = [source["id"] for source in more["sources"]]
    assert {"patterson-2021", "google-2020", "carbontui-2026"} <= set(ids)
    assert len(set(ids)) == len(ids)
    assert {plugin["name"] for plugin in more["plugins"]} == {f"carbontui:{p}" for p in ("paper", "nvidia", "regions")}


def test_the_baseline_goes_by_name_and_repeated_names_are_told_apart(catalogue: Catalogue) -> None:
    made = compared(["t5", "t5", "gpt-3"], catalogue, baseline=1, metric="net", title="T", note="N")
    document = dump(made, catalogue)
    assert (document["baseline"], document["metric"], document["title"], document["note"]) == (
        "T5 (2)",
        "net",
        "T",
        "N",
    )
    assert [one["name"] for one in document["scenarios"]] == ["T5", "T5 (2)", "GPT-3"]
    assert load(document).baseline == 1


# That they come back


@settings(max_examples=60)
@given(
    specs=st.lists(ANY_SPEC, min_size=1, max_size=4),
    metric=st.sampled_from(list(METRICS)),
    accounting=st.sampled_from(ACCOUNTINGS),
    where=st.integers(0, 3),
)
@example(specs=["gpt-3@@grid:fr,energy=0.0 kWh"], metric="gross", accounting="as-published", where=0)
@example(specs=["gpt-3@@grid:fr,energy=0.0 kWh"], metric="energy", accounting="lifecycle", where=0)
def test_anything_comes_back_to_the_last_bit(
    specs: list[str], metric: str, accounting: str, where: int, catalogue: Catalogue, empty: Catalogue
) -> None:
    try:
        made = compared(specs, catalogue, metric=metric, accounting=accounting, baseline=where % len(specs))
    except (ScenarioError, UnknownName):
        return
    for form in ("json", "toml"):
        text = text_of(made, catalogue, form)
        document = parse("x", text)
        for known in (catalogue, empty):
            again = compare(load(document), known)
            assert without_source_ids(figures(again)) == without_source_ids(figures(made))
            assert drift(document, again) == []
            second = dump(again, known)
            assert second | {"plugins": 0} == dump(made, catalogue) | {"plugins": 0}
        assert text_of(compare(made.question, catalogue), catalogue, form) == text


def test_an_entered_duration_stays_one_and_a_runs_goes(catalogue: Catalogue) -> None:
    document = dump(compared(["t5,chips=512,duration=9 d", "t5", "bloom-176b"], catalogue), catalogue)
    assert document["scenarios"][0]["basis"]["duration_h"] == "entered"
    changed = [one.give("chips", Figure(64.0, "entered")) for one in load(document).scenarios]
    entered, runs, hours = compare(Question(tuple(changed)), catalogue).scenarios
    assert entered.result("duration_h") == 216
    assert runs.result("duration_h") == 4.05e22 / (64 * 45.6e12) / 3600
    fresh = compared(["bloom-176b,chips=64"], catalogue).scenarios[0]
    assert hours.result("duration_h") == fresh.result("duration_h")


def test_a_source_in_a_file_and_in_the_registry_is_listed_once(catalogue: Catalogue) -> None:
    made = compared(["bloom-176b", "gpt-3"], catalogue)
    mixed = load(dump(made, catalogue)).scenarios + made.question.scenarios
    assert dump(compare(Question(mixed), catalogue), catalogue)["sources"] == dump(made, catalogue)["sources"]


def test_another_accounting_looks_factors_up_again(catalogue: Catalogue) -> None:
    question = load(dump(compared(["gpt-3@a100@gcp:europe-north1"], catalogue), catalogue))
    again = compare(question.replace(accounting="lifecycle"), catalogue).scenarios[0]
    assert (again.inputs["gross"].value, again.texts["coverage"]) == (133.0, "lifecycle")


def test_toml_written_by_hand_fills_itself_in(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "hand.toml"
    path.write_text('carbontui = 1\n[[scenarios]]\nmodel = "gpt-3"\nhardware = "a100"\ninputs = {chips = 64}\n')
    question, _ = read(str(path))
    found = compare(question, catalogue).scenarios[0]
    expected = compared(["gpt-3@a100,chips=64"], catalogue).scenarios[0]
    assert {k: r.value for k, r in found.results.items()} == {k: r.value for k, r in expected.results.items()}
    assert found.name == "GPT-3 A100"
    path.write_text('carbontui = 1\n[[scenarios]]\nmodel = "t5"\ninputs = {period = "2011"}\n')
    with pytest.raises(ScenarioError, match="has no period 2011"):
        compare(read(str(path))[0], catalogue)


def test_drift_is_named(catalogue: Catalogue) -> None:
    document = dump(compared(["gpt-3", "t5"], catalogue), catalogue)
    document["scenarios"][1]["results"]["energy_kwh"] = 5.0
    (line,) = drift(document, compare(load(document), catalogue))
    assert line.startswith("T5: energy_kwh is 5.0 in the file, ")


# What is refused


@pytest.fixture(scope="module")
def whole(catalogue: Catalogue) -> dict[str, Any]:
    return dump(compared(SPECS[:2], catalogue, title="T"), catalogue)


AT = "scenarios[1].inputs"
WRONG: list[tuple[tuple[Any, ...], Any, str]] = [
    (("carbontui",), 2, "carbontui: is format 2"),
    (("carbontui",), 0, "carbontui: 0 is not a known format"),
    (("carbontui",), "1", "carbontui: '1' is not a known format; write 1"),
    (("carbontui",), True, "carbontui: true is not a known format; write 1"),
    (("metric",), "gros", "metric: 'gros' is not allowed; use"),
    (("metric",), 1, "metric: 1 must be text in quotes"),
    (("title",), None, "title: null must be text in quotes"),
    (("title",), "x" * 2001, "title: has 2,001 characters"),
    (("accounting",), "mine", "accounting: 'mine'"),
    (("baseline",), "GPT", "baseline: 'GPT' is not one of the scenarios; did you mean GPT-3?"),
    (("scenarios",), {}, "scenarios: a table must be a list"),
    (("scenarios", 0), 5, "scenarios[1]: 5 must be a table"),
    (("scenarious",), [], "scenarious: unknown key; did you mean scenarios?"),
    (("plugins",), "x", "plugins: 'x' must be a list"),
    (("plugins", 0, "verison"), "1", "plugins[1].verison: unknown key"),
    (("sources", 0, "year"), "2021", "sources[1].year"),
    (("sources", 0, "title"), 7, "sources[1].title"),
    (("scenarios", 0, "model"), 7, "scenarios[1].model: 7 must be text"),
    (("scenarios", 0, "modell"), "x", "scenarios[1].modell: unknown key; did you mean model?"),
    (("scenarios", 0, "inputs"), [], f"{AT}: a list must be a table"),
    (("scenarios", 0, "inputs", "power"), 1, f"{AT}.power: unknown key; did you mean power_w?"),
    *(
        (("scenarios", 0, "inputs", "power_w"), wrong, f"{AT}.power_w: ")
        for wrong in ("330 W", -1, True, None, [], {}, 10**400, 0)
    ),
    (("scenarios", 0, "inputs", "chips"), 1.5, f"{AT}.chips: 1.5 is not a whole number"),
    (("scenarios", 0, "inputs", "chips"), 0, f"{AT}.chips: 0 is not a whole number"),
    (("scenarios", 0, "inputs", "throughput_flop_per_s"), 0, f"{AT}.throughput_flop_per_s: 0 must be more"),
    (("scenarios", 0, "inputs", "pue"), 0.9, f"{AT}.pue: 0.9 is below 1"),
    (("scenarios", 0, "inputs", "period"), "last", f"{AT}.period: 'last' is not a period"),
    (("scenarios", 0, "inputs", "boundary"), "rack", f"{AT}.boundary: 'rack' is not allowed; use"),
    (("scenarios", 0, "basis", "power_w"), "guess", "scenarios[1].basis.power_w: 'guess' is not allowed; use"),
    (("scenarios", 0, "basis", "power_w"), [], "scenarios[1].basis.power_w"),
    (("scenarios", 0, "spreads", "power_w"), -1, "scenarios[1].spreads.power_w"),
    (("scenarios", 0, "spreads", "power_w"), 1e99, "scenarios[1].spreads.power_w: 1e+99 is more than 100"),
    (("scenarios", 0, "sources", "power_w"), "nobody", "scenarios[1].sources.power_w: 'nobody' is not one of"),
    (("scenarios", 0, "results"), "x", "scenarios[1].results: 'x' must be a table"),
    (("scenarios", 0, "results", "energy_kwh"), "x", "scenarios[1].results.energy_kwh"),
    (("scenarios", 0, "results", "energy"), 1, "scenarios[1].results.energy: unknown key"),
    (("scenarios", 0, "published", "enrgy_kwh"), 1, "scenarios[1].published.enrgy_kwh: unknown key"),
    (
        ("scenarios", 0, "interval90", "energy_kwh"),
        [1],
        "scenarios[1].interval90.energy_kwh: a list must be a list of two",
    ),
]


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for part in path[:-1]:
        document = document[part]
    document[path[-1]] = value


@pytest.mark.parametrize(("path", "value", "says"), WRONG, ids=lambda v: str(v)[:60])
def test_a_wrong_document_names_file_and_key(
    path: tuple[Any, ...], value: Any, says: str, whole: dict[str, Any], tmp_path: Path
) -> None:
    document = copy.deepcopy(whole)
    put(document, path, value)
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(document, indent=1))
    with pytest.raises(FileError) as caught:
        read(str(file))
    assert str(caught.value).startswith(str(file))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "carbontui: is missing"),
        (b"\xff", "is not UTF-8"),
        (b"{", "is not JSON"),
        (b'{"carbontui": NaN}', "carbontui: nan is not a known format"),
        (b"carbontui = ", "is not TOML"),
        (
            b'carbontui = 1\n[[scenarios]]\nmodel = "t5"\ninputs = {pue = nan}',
            "line 4: scenarios[1].inputs.pue: nan must",
        ),
        (b"carbontui = 1\n[[scenarios]]\ninputs = {pue = inf}", "inf must be finite"),
        (b'{"carbontui": 1, "scenarios": ' + b"[" * 100_000, "is nested too deeply"),
    ],
    ids=range(8),
)
def test_what_is_no_document(raw: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(raw)
    with pytest.raises(FileError) as caught:
        read(str(file))
    assert str(file) in str(caught.value)
    assert says in str(caught.value)


def paths_of(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, inner in items for path in ((*at, key), *paths_of(inner, (*at, key)))]


ODD = st.one_of(
    st.sampled_from([None, True, "", "x", [], {}, [1], {"a": 1}, -1, 0, 1e-320, 1e308, 10**400, "gpt-3", 1.5]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
)


@settings(max_examples=300)
@given(data=st.data())
def test_a_mutated_document_is_read_or_refused(
    data: st.DataObject, whole: dict[str, Any], catalogue: Catalogue, empty: Catalogue
) -> None:
    document = copy.deepcopy(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths_of(document)))
        put(document, path, copy.deepcopy(data.draw(ODD)))
    try:
        question = load(parse("x", json.dumps(document)))
    except (BadDocument, FileError):
        return
    for known in (catalogue, empty):
        try:
            made = compare(question, known)
        except (ScenarioError, UnknownName):
            continue
        assert json.loads(text_of(made, known, "json"))
        assert tomllib.loads(text_of(made, known, "toml"))
        assert text_of(made, known, "table")
        drift(document, made)
