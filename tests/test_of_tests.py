"""What holds for the tests themselves: each can fail, none leans on the clock, and every lower bound is tried."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = sorted(HERE.glob("test_*.py"))
SHARED = sorted(set(HERE.glob("*.py")) - set(MODULES))
Function = ast.FunctionDef | ast.AsyncFunctionDef
# Calls that fail where something does not hold; others do so in a function of the module, or of one it shares.
FAIL = re.compile(r"assert\w*|raises|fail|snap_compare")
CLOCKS = {"monotonic", "perf_counter", "process_time", "time", "time_ns", "monotonic_ns", "perf_counter_ns"}


def functions(module: ast.Module) -> dict[str, Function]:
    return {node.name: node for node in ast.walk(module) if isinstance(node, Function)}


def shared(module: ast.Module) -> dict[str, Function]:
    """The functions that a module takes from those that tests share, and what these call."""
    taken = {node.module for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
    found: dict[str, Function] = {}
    for path in SHARED:
        if path.stem in taken:
            found |= functions(ast.parse(path.read_text(encoding="utf-8")))
    return found


def calls(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            yield one.func.attr if isinstance(one.func, ast.Attribute) else getattr(one.func, "id", "")


def can_fail(function: Function, known: dict[str, Function], seen: tuple[str, ...] = ()) -> bool:
    called = set(calls(function))
    return (
        any(isinstance(node, ast.Assert) for node in ast.walk(function))
        or any(FAIL.fullmatch(name) for name in called)
        or any(can_fail(known[name], known, (*seen, name)) for name in called & set(known) - set(seen))
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_test_can_fail(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    own = functions(module)
    known = shared(module) | own
    assert [name for name, one in own.items() if name.startswith("test_") and not can_fail(one, known)] == []


def sleeps(module: ast.AST, waits: bool = False) -> Iterator[int]:
    """The lines that sleep, but for those in a loop that looks again whether something holds."""
    for node in ast.iter_child_nodes(module):
        if isinstance(node, ast.Call) and "sleep" in list(calls(node))[:1] and not waits:
            yield node.lineno
        loop = isinstance(node, ast.While) and not isinstance(node.test, ast.Constant)
        yield from sleeps(node, loop or (waits and not isinstance(node, Function)))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_test_waits_for_a_time_or_judges_one(path: Path) -> None:
    """Helpers may look at the clock to give up at last; what is waited for is a state."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert list(sleeps(module)) == []
    tests = {name: one for name, one in functions(module).items() if name.startswith("test_")}
    assert [name for name, one in tests.items() if CLOCKS & set(calls(one))] == []


@pytest.mark.parametrize(
    ("code", "can"),
    [
        ("def test_a(): f()", False),
        ("def test_a(): f()\ndef f(): g()\ndef g(): f()", False),
        ("def test_a(): f()\ndef f(): g()\ndef g(): assert x", True),
        ("def test_a():\n with pytest.raises(ValueError): f()", True),
    ],
)
def test_the_search_for_tests_that_cannot_fail_finds_them(code: str, can: bool) -> None:
    known = functions(ast.parse(code))
    assert can_fail(known["test_a"], known) is can


def test_every_lower_bound_is_tried(pytestconfig: pytest.Config) -> None:
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conftest = pytestconfig.pluginmanager.get_plugin(str(HERE / "conftest.py"))
    patterns: dict[str, tuple[str, ...]] = conftest.LOWER_BOUNDS  # type: ignore[union-attr]
    assert set(patterns) == {re.split("[>=]", line)[0] for line in project["dependencies"]}
    for name, several in patterns.items():
        assert all(list(HERE.glob(f"{pattern}.py")) for pattern in several), name
