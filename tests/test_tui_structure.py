"""How the app is built: no circle of imports, views without Textual, one list of keys, style sheets that are used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TUI = Path(__file__).parent.parent / "carbontui" / "tui"
MODULES = {
    ".".join(("carbontui", "tui", *path.relative_to(TUI).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in TUI.rglob("*.py")
}


def imports(path: Path) -> Iterator[str]:
    """Every module that is named in an import, wherever that stands, and what is imported from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_imports_one_that_imports_it() -> None:
    reached = {name: {found for found in imports(path) if found in MODULES} for name, path in MODULES.items()}
    for middle in MODULES:
        for name in MODULES:
            if middle in reached[name]:
                reached[name] |= reached[middle]
    assert [name for name in MODULES if name in reached[name]] == []


def test_views_and_the_workspace_know_no_textual() -> None:
    plain = [path for path in MODULES.values() if path.parent.name == "views" or path.name == "workspace.py"]
    assert len(plain) > 5
    for path in plain:
        others = {name.split(".")[0] for name in imports(path)} & {"textual", "rich"}
        inside = {name for name in imports(path) if re.match(r"carbontui\.tui\.(app|screens|widgets|bindings)", name)}
        assert (path.name, others | inside) == (path.name, set())


def test_every_style_sheet_is_used_once_and_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in MODULES.values()]
    used = [name for text in texts for name in re.findall(r'= stylesheet\("(.*)"\)', text)]
    assert sorted(used) == sorted(path.stem for path in (TUI / "tcss").iterdir())


def test_keys_are_bound_in_the_one_list_only() -> None:
    binding = [name for name, path in MODULES.items() if "Binding(" in path.read_text(encoding="utf-8")]
    assert binding == ["carbontui.tui.bindings"]
