"""`carbontui plugins new`: a small, finished plugin to begin with."""

from __future__ import annotations

import re
from importlib.resources import files as files_of_package
from pathlib import Path

from carbontui.version import __version__
from carbontui_registry.errors import CarbontuiError

_PROJECT = """[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{distribution}"
version = "0.1.0"
description = "{title} for carbontui"
readme = "README.md"
requires-python = ">=3.11"
# {host}
dependencies = ["carbontui>={version}"]

[project.optional-dependencies]
test = ["pytest>=8"]

[project.entry-points.carbontui]
{point} = "{module}"

[tool.hatch.build.targets.wheel]
packages = ["{module}"]

[tool.pytest.ini_options]
testpaths = ["tests"]
"""

_PACK = """#:schema ../pack.schema.json
# Figures of {title}. Every one is an example: put your own in their place, each with its unit.
pack = 1

[source]
title = "{title} datasheet, rev. 1"
year = 2026
# url = "where it can be read"

[[hardware]]
id = "{name}-x1"
name = "{title} X1"
vendor = "{title}"
kind = "gpu"
year = 2026
power = {{tdp = "350 W", mean = {{value = "280 W", basis = "measured", spread = "5 %"}}, boundary = "system"}}
peak = {{bf16 = "400 TFLOP/s"}}
memory = "96 GiB"

[[region]]
id = "{name}:lulea"
name = "{title} Lulea"
provider = "{name}"
country = "SE"
grid = "grid:se"
pue = 1.07
factors = [{{period = "2025", gross = "23 gCO2e/kWh", coverage = "direct"}}]
"""

_FROM_PACK = '''"""{title} for carbontui."""

from importlib.resources import files

from carbontui_registry import Hardware, Measurement, Model, Offer, Region, TrainingRun, hookimpl, load_pack

PACK = load_pack(files(__name__) / "{name}.toml")


# Every kind of record that the pack may hold is handed over.
@hookimpl
def carbontui_hardware() -> list[Hardware]:
    return PACK.hardware


@hookimpl
def carbontui_regions() -> list[Region]:
    return PACK.regions


@hookimpl
def carbontui_models() -> list[Model]:
    return PACK.models


@hookimpl
def carbontui_runs() -> list[TrainingRun]:
    return PACK.runs


@hookimpl
def carbontui_offers() -> list[Offer]:
    return PACK.offers


@hookimpl
def carbontui_measurements() -> list[Measurement]:
    return PACK.measurements
'''

_IN_CODE = '''"""{title} for carbontui. Every figure is an example: put your own in their place, each with its unit."""

from collections.abc import Iterator

from carbontui_registry import CarbonFactor, Figure, Hardware, PowerProfile, Region, Source, hookimpl

# With a url, where it can be read.
SHEET = Source("{title} datasheet, rev. 1", year=2026)


@hookimpl
def carbontui_hardware() -> Iterator[Hardware]:
    yield Hardware(
        id="{name}-x1",
        name="{title} X1",
        source=SHEET,
        vendor="{title}",
        kind="gpu",
        year=2026,
        power=PowerProfile(
            tdp="350 W", mean=Figure("280 W", basis="measured", spread="5 %"), boundary="system"
        ),
        peak={{"bf16": "400 TFLOP/s"}},
        memory="96 GiB",
    )


@hookimpl
def carbontui_regions() -> Iterator[Region]:
    yield Region(
        id="{name}:lulea",
        name="{title} Lulea",
        source=SHEET,
        provider="{name}",
        country="SE",
        grid="grid:se",
        pue=1.07,
        factors=[CarbonFactor("2025", gross="23 gCO2e/kWh", coverage="direct")],
    )
'''

_TESTS = '''"""What carbontui's registry checks, a test a finding."""

from carbontui_registry.testing import PluginTests


class TestPlugin(PluginTests):
    plugin = "{distribution}"
'''

_README = """# {distribution}

{title} for carbontui: accelerators and datacenters with their power profiles and carbon factors.

{host}.

```sh
pip install -e '.[test]'
carbontui list hardware {name}  # it is there
carbontui plugins check .  # everything that is wrong, at once
pytest
```

The figures stand in `{module}/{where}`. Each needs a source; what is an estimate says so with `basis = "assumed"`.
"""

_CI = """name: test
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.11"}}
{host_step}      - run: pip install -e '.[test]'
      - run: carbontui plugins check .
      - run: pytest
"""

_HOST_STEP = """      # carbontui did not come from a package index here: HOST says where pip finds it, in a repository.
      - run: pip install "$HOST"
        env: {HOST: "carbontui"}
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
        raise ScaffoldError(f"{name!r} is no name for a plugin; write lower case letters, digits and -, such as 'acme'")
    distribution = f"carbontui-{name}"
    module = f"carbontui_{name.replace('-', '_')}"
    if is_taken(module, distribution):
        raise ScaffoldError(f"{module} is part of what is installed here already; choose another name than {name!r}")
    folder = (into or Path()) / distribution
    if folder.exists():
        raise ScaffoldError(f"{folder} is there already")
    from_index = host_is_from_an_index()
    words = {
        "name": name,
        "title": name.replace("-", " ").title(),
        "distribution": distribution,
        "module": module,
        "point": name,
        "version": __version__,
        "host": "The host is found by pip"
        if from_index
        else "The host did not come from a package index: install it first",
        "host_step": "" if from_index else _HOST_STEP,
        "where": "__init__.py" if python else f"{name}.toml",
    }
    files = {
        "pyproject.toml": _PROJECT,
        "README.md": _README,
        ".gitignore": _IGNORED,
        f"{module}/__init__.py": _IN_CODE if python else _FROM_PACK,
        f"{module}/py.typed": "",
        "tests/test_plugin.py": _TESTS,
        ".github/workflows/test.yml": _CI,
    }
    if not python:
        files[f"{module}/{name}.toml"] = _PACK
    written = {path: text.format(**words) for path, text in files.items()}
    if not python:
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
