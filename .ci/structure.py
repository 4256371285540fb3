"""Says how the modules hang together and how long they are; fails at a circle or at a module that is too long.

`python .ci/structure.py`, with the dev extra. The contracts in pyproject.toml say which way imports run between
packages; this looks at single modules, those inside of one package too. Imports inside of functions and those for
types alone count as well: whoever reads a module has to know what it leans on.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median

import grimp

ROOT = Path(__file__).parent.parent
LONGEST = 400

Imports = Mapping[str, Iterable[str]]


def circles(imports: Imports) -> list[list[str]]:
    """The groups of modules each of which reaches all others of its group."""
    reached: dict[str, set[str]] = {}
    for module in imports:
        seen: set[str] = set()
        ahead = [module]
        while ahead:
            new = set(imports.get(ahead.pop(), ())) - seen
            seen |= new
            ahead += new
        reached[module] = seen
    groups = {frozenset(m for m in reached[n] if n in reached[m]) for n in imports if n in reached[n]}
    return sorted(sorted(group) for group in groups)


def main() -> int:
    """Print and judge; gives the exit status."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    folders = wheel["wheel"]["packages"]
    sys.path[:0] = sorted({str((ROOT / folder).parent) for folder in folders})
    graph = grimp.build_graph(*(Path(folder).name for folder in folders), cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    packages = {str(path.parent.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py")}
    print(
        f"{len(imports)} modules in {len(packages)} packages, {sum(map(len, imports.values()))} imports of one another"
    )
    found = circles(imports)
    print(f"{len(found)} circles")
    for circle in found:
        print("a circle:", ", ".join(circle))

    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    for name, length in sorted(lengths.items(), key=lambda one: (-one[1], one[0])):
        print(f"{length:5} {name}")
    own = [length for name, length in lengths.items() if not name.endswith("__init__.py") or length]
    too_long = [name for name, length in lengths.items() if length > LONGEST]
    print(f"median {median(own):g} lines, {len(too_long)} modules above {LONGEST}")
    return 1 if found or too_long else 0


if __name__ == "__main__":
    sys.exit(main())
