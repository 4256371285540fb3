"""`carbontui plugins new`: a small, finished plugin to begin with."""

from __future__ import annotations

import re
from importlib.resources import files as files_of_package
from pathlib import Path

from carbontui.version import __version__
from carbontui_registry.errors import CarbontuiError

_HOST_STEP = """      # carbontui did not come from a package index here: HOST says where pip finds it, in a repository.
      - run: pip install "$HOST"
        env:
          HOST: "carbontui"
"""

_IGNORED = "__pycache__/\n*.egg-info/\n.pytest_cache/\n.venv*/\nbuild/\ndist/\n"


class ScaffoldError(CarbontuiError):
    """The plugin cannot be made as asked; the message says why."""


def new_plugin(name: str, *, python: bool = False, into: Path | None = None) -> Path:
    """Write the project of a plugin into a new folder and return it; `python` gives records in code, not in a pack.

    Raises `ScaffoldError` for a name that is none, and where the folder is there already or cannot be written.
    """
    name = name.removeprefix("carbontui-")
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name) or len(name) > 40:
        raise ScaffoldError(
            f"{name!r} is not a valid plugin name; use lower-case letters, digits and -, such as 'acme'"
        )
    distribution = f"carbontui-{name}"
    module = f"carbontui_{name.replace('-', '_')}"
    if is_taken(module, distribution):
        raise ScaffoldError(f"{module} is already installed here; choose a name other than {name!r}")
    folder = (into or Path()) / distribution
    if folder.exists():
        raise ScaffoldError(f"{folder} already exists")
    from_index = host_is_from_an_index()
    words = {
        "NAME": name,
        "TITLE": name.replace("-", " ").title(),
        "DISTRIBUTION": distribution,
        "MODULE": module,
        "VERSION": __version__,
        "HOST": "carbontui is found by pip"
        if from_index
        else "carbontui did not come from a package index: install it first",
        "HOST_STEP": "" if from_index else _HOST_STEP,
        "WHERE": "__init__.py" if python else f"{name}.toml",
    }
    template = files_of_package("carbontui").joinpath("plugin_template")

    def filled(file: str) -> str:
        text = template.joinpath(f"{file}.txt").read_text(encoding="utf-8")
        return re.sub("@([A-Z_]+)@", lambda found: words[found[1]], text)

    files = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        "LICENSE": "LICENSE",
        f"{module}/__init__.py": "in_code.py" if python else "from_pack.py",
        "tests/test_plugin.py": "test_plugin.py",
        ".github/workflows/test.yml": "test.yml",
        ".github/workflows/release.yml": "release.yml",
        ".github/dependabot.yml": "dependabot.yml",
    }
    written = {path: filled(file) for path, file in files.items()} | {".gitignore": _IGNORED, f"{module}/py.typed": ""}
    if not python:
        written[f"{module}/{name}.toml"] = filled("pack.toml")
        written["pack.schema.json"] = files_of_package("carbontui_registry").joinpath("pack.schema.json").read_text()
    try:
        for path, text in written.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScaffoldError(f"{folder} cannot be written: {error.strerror or error}") from None
    return folder


def is_taken(module: str, distribution: str) -> bool:
    """Whether a module is there that another distribution brought: pip would write over it and later delete it."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import distribution as installed
    from importlib.util import find_spec

    if find_spec(module) is None:
        return False
    try:
        installed(distribution)
    except PackageNotFoundError:
        return True
    return False


def host_is_from_an_index() -> bool:
    """Whether pip can find the host again for whoever installs the plugin."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return not distribution("carbontui").read_text("direct_url.json")
    except PackageNotFoundError:
        return False
