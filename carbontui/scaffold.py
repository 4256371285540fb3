"""`carbontui plugins new`: a small, finished plugin to begin with."""

from __future__ import annotations

import re
from pathlib import Path

from carbontui import __version__
from carbontui_registry.text import ForPeople

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

_PACK = """# Figures of {title}. Every one is an example: put your own in their place, each with its unit.
pack = 1

[source]
title = "{title} datasheet, rev. 1"
url = "https://{name}.example/datasheet.pdf"
year = 2026

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

from carbontui_registry import Hardware, Region, hookimpl, load_pack

PACK = load_pack(files(__name__) / "{name}.toml")


@hookimpl
def carbontui_hardware() -> list[Hardware]:
    return PACK.hardware


@hookimpl
def carbontui_regions() -> list[Region]:
    return PACK.regions
'''

_IN_CODE = '''"""{title} for carbontui. Every figure is an example: put your own in their place, each with its unit."""

from collections.abc import Iterator

from carbontui_registry import CarbonFactor, Figure, Hardware, PowerProfile, Region, Source, hookimpl

SHEET = Source("{title} datasheet, rev. 1", url="https://{name}.example/datasheet.pdf", year=2026)


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

{title} for [carbontui](https://pypi.org/project/carbontui/): accelerators and datacenters with their power profiles
and carbon factors.

```sh
pip install -e '.[test]'
carbontui list hardware {name}     # it is there
carbontui plugins check .          # everything that is wrong, at once
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
      - run: pip install -e '.[test]'
      - run: carbontui plugins check .
      - run: pytest
"""


class ScaffoldError(ForPeople):
    """The plugin cannot be made as asked; the message says why."""


def new_plugin(name: str, *, python: bool = False, into: Path | None = None) -> Path:
    """Write the project of a plugin into a new folder and return it; `python` gives records in code, not in a pack.

    Raises `ScaffoldError` for a name that is none, and where the folder is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name) or len(name) > 40:
        raise ScaffoldError(f"{name!r} is no name for a plugin; write lower case letters, digits and -, such as 'acme'")
    distribution = f"carbontui-{name}"
    module = f"carbontui_{name.replace('-', '_')}"
    folder = (into or Path()) / distribution
    if folder.exists():
        raise ScaffoldError(f"{folder} is there already")
    words = {
        "name": name,
        "title": name.replace("-", " ").title(),
        "distribution": distribution,
        "module": module,
        "point": name,
        "version": __version__,
        "host": host_note(),
        "where": "__init__.py" if python else f"{name}.toml",
    }
    files = {
        "pyproject.toml": _PROJECT,
        "README.md": _README,
        f"{module}/__init__.py": _IN_CODE if python else _FROM_PACK,
        f"{module}/py.typed": "",
        "tests/test_plugin.py": _TESTS,
        ".github/workflows/test.yml": _CI,
    }
    if not python:
        files[f"{module}/{name}.toml"] = _PACK
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.format(**words), encoding="utf-8")
    return folder


def host_note() -> str:
    """Where the host came from, as far as pip can find it again for whoever installs the plugin."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        direct = distribution("carbontui").read_text("direct_url.json")
    except PackageNotFoundError:
        direct = "unknown"
    if direct:
        return "carbontui did not come from a package index here: install it first, so that pip need not look for it"
    return "the host; versions from this one on know everything that is used here"
