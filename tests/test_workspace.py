"""The workspace: every change is a pure function, undo reaches all of them, and kept work comes back as it was."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbontui.engine.comparison import Question, fill_all
from carbontui.engine.comparison import side_by_side as beside
from carbontui.engine.scenario import Scenario
from carbontui.engine.solver import fill
from carbontui.quantities import ACCOUNTINGS, METRICS, QUANTITIES
from carbontui.spec import parse_spec
from carbontui.tui import autosave, recent, workspace
from carbontui.tui.workspace import Workspace, change, first_start, open_other, opened, redo, undo
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.figures import Figure, Source
from carbontui_registry.folders import config_folder

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
sources = st.builds(Source, texts.map(lambda t: f"S {t}"), st.none(), st.integers(1990, 2030), st.none(), texts)
figures = st.builds(
    Figure,
    st.floats(1e-6, 1e30),
    st.sampled_from(["entered", "published", "assumed"]),
    st.none() | st.floats(0.01, 2),
    st.none() | sources,
)
quantities = st.lists(st.tuples(st.sampled_from(sorted(QUANTITIES)), figures), max_size=3).map(tuple)
ids = st.none() | texts
pairs = st.lists(st.tuples(texts, texts), max_size=2).map(tuple)
numbers = st.floats(0, 1e12)
replaced = st.lists(st.tuples(st.just("energy_kwh"), numbers, st.none() | st.tuples(numbers, numbers)), max_size=2).map(
    tuple
)
errors = st.lists(st.tuples(texts, numbers), max_size=2).map(tuple)
kept_errors = st.lists(st.tuples(st.sampled_from(sorted(QUANTITIES)), errors), max_size=2).map(tuple)
# By the fields there are, so that a new one is not forgotten here.
FIELDS = {
    **{"name": texts, "note": texts, "model": ids, "hardware": ids, "region": ids, "run": ids, "serving": ids},
    **{"period": st.none() | st.just("2024"), "boundary": st.none() | st.just("system"), "texts": pairs},
    **{"given": quantities, "carried": quantities, "published": quantities},
    **{"edited": st.lists(st.sampled_from(sorted(QUANTITIES)), max_size=2).map(tuple), "said": pairs, "group": texts},
    **{"form": st.none() | st.just("laptop"), "work": st.none() | st.just("serving")},
    **{"precision": st.none() | st.just("bf16"), "replaced": replaced, "errors": kept_errors},
    **{"sealed": st.sampled_from(["", *ACCOUNTINGS]), "behind": st.lists(sources, max_size=2).map(tuple)},
}
scenarios = st.builds(Scenario, **{field: FIELDS[field] for field in Scenario._fields})


@st.composite
def questions(draw: st.DrawFn, least: int = 0) -> Question:
    chosen = tuple(draw(st.lists(scenarios, min_size=least, max_size=5)))
    baseline = draw(st.integers(0, max(0, len(chosen) - 1)))
    metric, accounting = draw(st.sampled_from(sorted(METRICS))), draw(st.sampled_from(ACCOUNTINGS))
    title, note, name = draw(texts), draw(texts), draw(texts)
    return Question(chosen, baseline, metric, accounting, title, note, name, draw(st.booleans()))


def of(*models: str, baseline: int = 0) -> Question:
    return Question(tuple(Scenario(model=model) for model in models), baseline)


def models(question: Question) -> str:
    return "".join(scenario.model or "" for scenario in question.scenarios)


def base(question: Question) -> str | None:
    return question.scenarios[question.baseline].model


def test_first_start_holds_the_papers_runs_and_nothing_unsaved() -> None:
    space = first_start()
    assert len(space.question.scenarios) == 6
    assert base(space.question) == "gpt-3"
    assert (space.title, space.changed, space.path) == ("paper-2021", False, None)


def test_the_title_is_the_files_name_then_the_comparisons() -> None:
    assert opened(of("a"), "/somewhere/x.toml").title == "x.toml"
    assert Workspace(of("a").replace(title="mine")).title == "mine"
    assert Workspace(of("a")).title == "untitled"


@given(questions(), st.data())
def test_adding_keeps_the_baseline(question: Question, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(question.scenarios)))
    new = Scenario(name="new", model="new")
    after = workspace.add(question, at, new, new)
    assert after.scenarios == (*question.scenarios[:at], new, new, *question.scenarios[at:])
    if question.scenarios:
        assert after.scenarios[after.baseline] == question.scenarios[question.baseline]
    else:
        assert after.baseline == 0


@given(questions(least=1), st.data())
def test_removing_keeps_the_baseline_unless_it_goes(question: Question, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(question.scenarios) - 1))
    after = workspace.remove(question, at)
    assert after.scenarios == question.scenarios[:at] + question.scenarios[at + 1 :]
    assert 0 <= after.baseline < max(1, len(after.scenarios))
    if at != question.baseline:
        assert after.scenarios[after.baseline] == question.scenarios[question.baseline]


@given(st.permutations("abcde"), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
def test_moving_and_reordering_keep_the_baseline(order: list[str], baseline: int, at: int, to: int) -> None:
    question = of(*"abcde", baseline=baseline)
    moved = workspace.move(question, at, to)
    assert models(moved)[to] == "abcde"[at]
    assert models(moved).replace("abcde"[at], "") == "abcde".replace("abcde"[at], "")
    assert base(moved) == base(question)
    reordered = workspace.reorder(question, ["abcde".index(letter) for letter in order])
    assert models(reordered) == "".join(order)
    assert base(reordered) == base(question)


def test_sorting_puts_the_smallest_first_and_the_unknown_last(catalogue: Catalogue) -> None:
    unknown = Scenario(name="unknown", hardware="a100")
    question = Question((unknown, *first_start().question.scenarios), baseline=1)
    comparison = beside(question, fill_all(question, catalogue))
    after = workspace.sort_by(comparison, "gross_kgco2e")
    assert [s.model for s in after.scenarios] == [
        *("evolved-transformer-nas", "gshard-600b", "t5", "switch-transformer", "meena", "gpt-3", None)
    ]
    assert base(after) == "gpt-3"


def test_what_is_chosen_and_given_reaches_one_scenario_alone() -> None:
    question = of("a", "b")
    figure = Figure(512.0, "entered")
    after = workspace.choose(workspace.give(question, 1, "chips", figure), 1, "region", "r")
    assert after.scenarios[0] == question.scenarios[0]
    assert (after.scenarios[1].given, after.scenarios[1].region) == ((("chips", figure),), "r")
    assert workspace.give(after, 1, "chips", None).scenarios[1].given == ()
    assert workspace.rename(after, 0, "x").scenarios[0].name == "x"


def test_metric_and_accounting_come_round_again() -> None:
    for follow, values in ((workspace.next_metric, METRICS), (workspace.next_accounting, ACCOUNTINGS[:3])):
        question, seen = of("a"), []
        for _ in values:
            question = follow(question)
            seen.append((question.metric, question.accounting))
        assert len(set(seen)) == len(values)
        assert question == of("a")


Action = Callable[[Question, int, int], Question]
ACTIONS: dict[str, Action] = {
    "add": lambda q, a, _: workspace.add(q, a % (len(q.scenarios) + 1), Scenario(model=f"m{a}")),
    "remove": lambda q, a, _: workspace.remove(q, a % len(q.scenarios)) if q.scenarios else q,
    "move": lambda q, a, b: workspace.move(q, a % len(q.scenarios), b % len(q.scenarios)) if q.scenarios else q,
    "rename": lambda q, a, b: workspace.rename(q, a % len(q.scenarios), f"n{b}") if q.scenarios else q,
    "baseline": lambda q, a, _: workspace.set_baseline(q, a % len(q.scenarios)) if q.scenarios else q,
    "give": lambda q, a, b: (
        workspace.give(q, a % len(q.scenarios), "chips", Figure(float(b + 1), "entered") if b else None)
        if q.scenarios
        else q
    ),
    "choose": lambda q, a, b: workspace.choose(q, a % len(q.scenarios), "region", f"r{b}") if q.scenarios else q,
    "metric": lambda q, *_: workspace.next_metric(q),
    "accounting": lambda q, *_: workspace.next_accounting(q),
}
steps = st.lists(st.tuples(st.sampled_from([*ACTIONS, "open", "undo", "redo"]), st.integers(0, 9), st.integers(0, 9)))


def state(space: Workspace) -> tuple[object, ...]:
    return space.question, space.path, space.saved, space.stamp


@given(questions(), steps)
def test_undo_and_redo_reach_everything(first: Question, chosen: list[tuple[str, int, int]]) -> None:
    start = space = opened(first, "/first.toml", "stamp")
    for name, a, b in chosen:
        if name == "undo":
            space = undo(space)[0]
        elif name == "redo":
            space = redo(space)[0]
        elif name == "open":
            space = open_other(space, of(f"o{a}", f"o{b}"), f"/{a}.toml", f"{b}")
        else:
            space = change(space, name, ACTIONS[name](space.question, a, b))
        assert not space.question.scenarios or 0 <= space.question.baseline < len(space.question.scenarios)
    while space.future:
        space, what = redo(space)
        assert what
    last, count = space, 0
    while space.past:
        space, what = undo(space)
        assert what
        count += 1
    assert state(space) == state(start)
    assert undo(space) == (space, None)
    for _ in range(count):
        space, _ = redo(space)
    assert state(space) == state(last)
    assert redo(space) == (space, None)


def test_a_change_to_the_same_is_none_and_a_new_one_ends_the_future() -> None:
    space = opened(of("a"), None)
    assert change(space, "nothing", of("a")) is space
    space = undo(change(space, "add", of("a", "b")))[0]
    assert redo(space)[1] == "add"
    assert redo(change(space, "other", of("c")))[1] is None


def test_undo_has_a_depth() -> None:
    space = opened(of("a"), None)
    for n in range(workspace.DEEPEST_UNDO + 10):
        space = change(space, "rename", workspace.rename(space.question, 0, f"n{n}"))
    assert len(space.past) == workspace.DEEPEST_UNDO


@settings(max_examples=30)
@given(questions(), st.none() | questions(), st.none() | texts, texts)
def test_kept_work_comes_back_as_it_was(
    question: Question, saved: Question | None, path: str | None, stamp: str
) -> None:
    space = Workspace(question, path=path, saved=saved, stamp=stamp)
    assert autosave.save(space, None) is None
    assert autosave.load(None) == space


def test_work_on_a_file_is_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "a.toml").touch()
    (tmp_path / "link.toml").symlink_to(tmp_path / "a.toml")
    autosave.save(opened(of("file"), "x"), str(tmp_path / "a.toml"))
    assert autosave.load(None) is None
    autosave.save(opened(of("none"), None), None)
    for name in ("a.toml", "link.toml"):
        found = autosave.load(str(tmp_path / name))
        assert found is not None
        assert models(found.question) == "file"
    assert autosave.load(str(tmp_path / "b.toml")) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"kept": 99}', '{"kept": 1}', '{"kept": 1, "question": 3, "saved": null}', "\x00"]
)
def test_kept_work_that_cannot_be_read_is_none(text: str) -> None:
    path = Path(autosave.path_of(None))
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert autosave.load(None) is None


def test_kept_work_that_cannot_be_read_is_put_aside() -> None:
    path = Path(autosave.path_of(None))
    assert autosave.put_aside(None) is None
    path.parent.mkdir(parents=True)
    for number, text in enumerate(("{", "nested" * 3), 1):
        path.write_text(text)
        aside = autosave.put_aside(None)
        assert aside == str(path.with_name(f"work.unreadable-{number}.json"))
        assert Path(aside).read_text() == text
        assert not path.exists()
    assert autosave.save(opened(of("a"), None), None) is None
    assert autosave.put_aside(None) is None


ODD = st.none() | st.booleans() | st.integers(-5, 10**30) | st.floats() | st.sampled_from(["", "x", "\x1b[31m", [], {}])


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in nested data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


@settings(max_examples=200)
@given(st.data())
def test_kept_work_that_was_changed_is_none_or_can_be_shown(catalogue: Catalogue, data: st.DataObject) -> None:
    """One value of it is something else, or gone: it is not read, or every scenario is filled in or says why not."""
    question = Question(tuple(parse_spec(spec) for spec in ("gpt-3", "t5,chips=8,duration=3 d,power=300 W")), title="t")
    assert autosave.save(Workspace(question, saved=question), None) is None
    path = Path(autosave.path_of(None))
    raw = json.loads(path.read_text())
    place = data.draw(st.sampled_from(places(raw)[1:]))
    inner = raw
    for key in place[:-1]:
        inner = inner[key]
    if isinstance(inner, dict) and data.draw(st.booleans()):
        del inner[place[-1]]
    else:
        inner[place[-1]] = data.draw(ODD)
    path.write_text(json.dumps(raw))
    found = autosave.load(None)
    if found is not None:
        for question in filter(None, (found.question, found.saved)):
            for one in question.scenarios:
                with contextlib.suppress(ValueError):
                    fill(one, catalogue, question.accounting)
            assert not question.scenarios or question.baseline < len(question.scenarios)
        assert autosave.save(found, None) is None
        assert autosave.load(None) == found


def test_two_sessions_keep_what_each_has() -> None:
    """The second one is another process, whose lock this one meets."""
    lock = Path(f"{autosave.path_of(None)}.lock")
    lock.parent.mkdir(parents=True)
    autosave.save(opened(of("first"), None), None)
    with open(lock, "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert autosave.claim(None) == 2
        try:
            begun = autosave.load(None)
            assert begun is not None
            assert models(begun.question) == "first"
            autosave.save(opened(of("second"), None), None)
            again = autosave.load(None)
            assert again is not None
            assert models(again.question) == "second"
            assert autosave.of_others(None) == []
        finally:
            autosave.release(None)
    found = autosave.load(None)
    assert found is not None
    assert models(found.question) == "first"
    ((path, left),) = autosave.of_others(None)
    assert (models(left.question), Path(path).name) == ("second", "work-2.json")


def test_work_that_cannot_be_kept_says_why() -> None:
    Path(config_folder()).parent.mkdir(parents=True, exist_ok=True)
    Path(config_folder()).write_text("a file where a folder should be")
    trouble = autosave.save(opened(of("a"), None), None)
    assert trouble is not None
    assert "directory" in trouble or "exists" in trouble


def test_recent_files_are_the_latest_first_and_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert recent.latest("file") == []
    most = recent.MOST[True]
    files = [tmp_path / f"{n}.toml" for n in range(most + 3)]
    for file in files:
        file.touch()
        recent.remember("file", str(file))
    monkeypatch.chdir(tmp_path)
    recent.remember("file", "5.toml")
    files[7].unlink()
    found = [os.path.basename(path) for path in recent.latest("file")]
    assert found[:2] == ["5.toml", f"{len(files) - 1}.toml"]
    assert len(found) == most - 1
    assert "7.toml" not in found
    assert found.count("5.toml") == 1


def test_recent_records_are_apart_by_kind() -> None:
    for name in ("a100", "h100", "a100"):
        recent.remember("hardware", name)
    assert recent.latest("hardware") == ["a100", "h100"]
    assert recent.latest("region") == recent.latest("file") == []


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("a = 1\n", False),
        ("# note\na = 1\n", True),
        ("a = 1  # note\n", True),
        ('a = "no # note"\n', False),
        ("a = 'no # note'\n", False),
        ('a = "x \\" # y"\n', False),
    ],
)
def test_comments_are_found_outside_of_strings(tmp_path: Path, text: str, has: bool) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text)
    assert autosave.has_comments(str(path)) is has
