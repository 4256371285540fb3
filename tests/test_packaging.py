"""What is shipped and what the documents promise: packages, entry points, the README's lines and examples."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import carbontui
from carbontui.commands import parsers
from carbontui_registry.checking import check
from carbontui_registry.hookspecs import HOOKS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
PLUGINS = PROJECT["project"]["entry-points"]["carbontui"]
DOCUMENTS = (
    "ARCHITECTURE.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "DATA_SOURCES.md", "README.md",
    "RELEASING.md", "SECURITY.md",
)  # fmt: skip


def blocks(language: str, text: str = README) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def own_files() -> list[Path]:
    """Every file of the clone but those that .gitignore leaves out; the tests may also run where there is no git."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
    found = []
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [n for n in subfolders if n != ".git" and not any(fnmatch(n, p) for p in ignored)]
        found += [Path(folder, n) for n in names if not any(fnmatch(n, p) for p in ignored)]
    return found


# Packages


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_of_the_wheel_is_there_and_typed(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()
    assert (ROOT / package / "py.typed").is_file()


def test_every_package_is_in_the_wheel_and_checked_by_mypy() -> None:
    folders = [ROOT / "carbontui", *(ROOT / "registry").iterdir(), *(ROOT / "plugins").iterdir()]
    there = sorted(str(f.relative_to(ROOT)) for f in folders if (f / "__init__.py").exists())
    assert there == sorted(PACKAGES)
    assert sorted(PROJECT["tool"]["mypy"]["packages"]) == sorted(Path(package).name for package in PACKAGES)


def test_every_plugin_package_has_an_entry_point() -> None:
    names = sorted(Path(package).name for package in PACKAGES if package.startswith("plugins/"))
    assert sorted(PLUGINS.values()) == names


@pytest.mark.parametrize("name", PLUGINS)
def test_an_entry_point_names_a_module_that_implements_hooks(name: str) -> None:
    hooks = [hook for hook in vars(import_module(PLUGINS[name])) if hook.startswith("carbontui_") and hook in HOOKS]
    assert hooks


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_imports_nothing_of_ours_but_the_registry(name: str) -> None:
    for path in (ROOT / "plugins" / PLUGINS[name]).rglob("*.py"):
        imported = re.findall(r"^\s*(?:from|import)\s+(carbontui\w*)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(imported) <= {"carbontui_registry", PLUGINS[name]}, path


def test_the_version_is_in_one_place_and_what_names_it_agrees() -> None:
    """`carbontui/version.py` says it; the build reads it there."""
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"] == {"path": "carbontui/version.py"}
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(carbontui.__version__)}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)
    assert carbontui.DATA_RELEASE in changes
    assert (ROOT / "docs" / f"release-{carbontui.DATA_RELEASE}.md").exists()
    assert f"carbontui {carbontui.__version__}, data {carbontui.DATA_RELEASE}" in README
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(cited["version"]) == carbontui.__version__


def test_runtime_dependencies_have_lower_bounds_that_the_checks_can_install() -> None:
    for line in PROJECT["project"]["dependencies"]:
        assert re.fullmatch(r"[\w-]+>=[\d.]+(,<[\d.]+)?", line), line


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License to your work." in text


# The README


def test_two_lines_install_and_start_the_app_and_run_the_tests() -> None:
    lines = [block.strip() for block in blocks("sh")]
    assert len(lines) == 2
    start, test = lines
    assert re.fullmatch(r"python3 -m venv (\S+) && \1/bin/pip install -q \. && \1/bin/carbontui", start)
    assert re.fullmatch(r"python3 -m venv (\S+) && \1/bin/pip install -q -e '\.\[test\]' && \1/bin/pytest", test)
    # Neither environment is the other's, and git sees neither.
    folders = [line.split()[3] for line in lines]
    assert folders[0] != folders[1]
    assert all(fnmatch(folder, ".venv*") for folder in folders)


def test_the_lines_and_the_picture_come_before_the_first_section() -> None:
    first = README.split("\n## ")[0]
    assert first.count("```sh") == 2
    assert "](docs/images/session.svg)" in first


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_links_to_is_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        if "://" not in target:
            assert (ROOT / target).exists(), target


def test_the_toml_example_is_a_pack(tmp_path: Path) -> None:
    (pack,) = blocks("toml")
    path = tmp_path / "acme.toml"
    path.write_text(pack, encoding="utf-8")
    found = check(str(path))
    assert [finding.what for finding in found.findings] == []
    assert found.counts["hardware"] == 1


def test_a_stranger_knows_after_twenty_lines() -> None:
    """What it is, a run of one's own with its result, and a picture."""
    first = "\n".join(README.splitlines()[:20])
    assert len(README.splitlines()[2]) < 400
    assert "$ carbontui compare 'llama-3.1-8b@8xh100" in first
    assert "90 % range" in first
    assert "](docs/images/session.svg)" in first


@pytest.mark.parametrize("line", re.findall(r"^\|.*\| `carbontui (.*)` \|$", README, re.MULTILINE))
def test_a_command_of_the_table_is_one(line: str) -> None:
    name, *arguments = shlex.split(line)
    assert parsers.of_command(name)[1].parse_intermixed_args(arguments).debug is False


@pytest.mark.parametrize("block", blocks("console"))
def test_an_example_shows_what_the_command_prints(
    block: str, run_python: Callable[..., subprocess.CompletedProcess[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, shown = block.split("\n", 1)
    monkeypatch.setenv("COLUMNS", "100")
    done = run_python("-m", "carbontui", *shlex.split(asked.removeprefix("$ carbontui ")))
    assert shown.splitlines() == done.stdout.splitlines(), "paste the new output (COLUMNS=100) into the README"


def test_a_job_of_ones_own_comes_before_the_first_section() -> None:
    first = README.split("\n## ")[0]
    assert first.count("$ carbontui compare '") == 1


# What the repository's host reads


def test_the_workflows_test_every_python_that_the_project_says() -> None:
    checks = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8"))
    matrix = checks["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest"]
    said = [line.removeprefix("Programming Language :: Python :: ") for line in PROJECT["project"]["classifiers"]]
    assert set(matrix["python"]) >= {version for version in said if re.fullmatch(r"3\.\d+", version)}
    assert matrix["python"][0] == PROJECT["project"]["requires-python"].removeprefix(">=")


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda p: p.stem)
def test_an_issue_form_asks_for_what_is_needed(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "labels", "body"}
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in asked}) == len(asked)
    assert all(field["attributes"]["label"] for field in asked)
    assert any(field.get("validations", {}).get("required") for field in asked)


# Every file


def test_no_file_names_somebody_s_folder_or_a_package_registry() -> None:
    home = re.compile(r"(?<![\w.~-])/(?:home|Users)/[a-z]\w*|(?<![\w.~-])/[r]oot\b")
    registry = re.compile(r"\b(?:[p]ypi\.(?:org|python)|[p]ythonhosted\.org|[a]naconda\.org|[n]pmjs\.(?:org|com))\b")
    for path in own_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern in (home, registry):
            found = pattern.search(text)
            assert not found, f"{path.relative_to(ROOT)}: {found and found.group()}"
