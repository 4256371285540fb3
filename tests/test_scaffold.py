"""`carbontui plugins new`: what is generated is installed by pip in an environment of its own, and works as it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from carbontui import cli, scaffold
from carbontui_registry.checking import check
from carbontui_registry.plugin import PLURAL

APP = """
import asyncio
from carbontui.tui.app import CarbonApp
from carbontui.tui.workspace import first_start
from carbontui_registry.cache import open_catalogue

async def main():
    app = CarbonApp(open_catalogue(), first_start())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter", *"acme")
        for _ in range(100):
            await pilot.pause(0.05)
            lines = app.screen._compositor.render_strips()
            shown = "\\n".join("".join(segment.text for segment in line) for line in lines)
            if "Acme X1" in shown:
                break
        print(shown)

asyncio.run(main())
"""


class Environment:
    """A virtual environment that has what this one has, and in which pip installs and uninstalls in earnest."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        site = folder / "lib" / version / "site-packages"
        # As a line of code, so that the .pth files of editable installs over there count here too.
        shared = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        (site / "shared.pth").write_text(shared, encoding="utf-8")

    def run(self, *arguments: str, cwd: Path, status: int = 0) -> str:
        """Run Python there; gives both outputs, and fails with them unless it ends with `status`."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHONPATH"))}
        # No list of packages that somebody configured, and of pytest only what an author has who installed pytest.
        env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        env |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [str(self.python), "-P", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
        said = done.stdout + done.stderr
        assert done.returncode == status, said
        return said

    def carbontui(self, *arguments: str, cwd: Path, status: int = 0) -> str:
        return self.run("-m", "carbontui", *arguments, cwd=cwd, status=status)

    def pip(self, *arguments: str, cwd: Path) -> str:
        # Nothing is looked for anywhere: what the project asks for must be there.
        return self.run("-m", "pip", *arguments, cwd=cwd)

    def pytest(self, cwd: Path, status: int = 0) -> str:
        return self.run("-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", cwd=cwd, status=status)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("venv"))


@pytest.mark.parametrize("form", ["pack", "code"])
def test_the_tutorial_to_the_letter(environment: Environment, tmp_path: Path, form: str) -> None:
    said = environment.carbontui("plugins", "new", "acme", *(["--python"] if form == "code" else []), cwd=tmp_path)
    assert "wrote carbontui-acme\n" in said
    folder = tmp_path / "carbontui-acme"
    module = folder / "carbontui_acme"
    next_lines = [line.strip() for line in said.split("next:\n")[1].splitlines()]
    assert next_lines[:2] == ["cd carbontui-acme", "pip install -e '.[test]'"]
    environment.pip("install", "-q", "--no-index", "--no-build-isolation", "-e", ".[test]", cwd=folder)
    try:
        # What is printed as the next steps is what is done here.
        for line in next_lines[2:]:
            program, *arguments = line.split()
            said = environment.run("-m", program, *arguments, cwd=folder)
            assert {"carbontui": "acme", "pytest": "8 passed"}[program] in said or "0 errors, 2 warnings" in said
        assert next_lines[2:] == ["carbontui list hardware acme", "carbontui plugins check .", "pytest"]
        tutorial = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")
        said = environment.run("-m", "pytest", "-v", "-p", "no:cacheprovider", cwd=folder)
        for name in ("test_record[hardware acme-x1]", "test_record[region acme:lulea]", "test_plugin[nothing wrong]"):
            assert f"{name} PASSED" in said
        shown = tutorial.split("$ pytest -v\n")[1].split("```")[0].splitlines()
        assert [line.split(" [ ")[0].split(" [1")[0].rstrip() for line in said.splitlines() if "::" in line] == shown
        assert re.search(r"carbontui-acme:acme +0\.1\.0 +code", environment.carbontui("plugins", cwd=folder))
        assert re.search("Acme X1.*280 W", environment.run("-c", APP, cwd=tmp_path)), "not in the app's picker"

        figures = module / ("acme.toml" if form == "pack" else "__init__.py")
        text = figures.read_text(encoding="utf-8")
        figures.write_text(text.replace("350 W", "350 Wh").replace("country", "contry"), encoding="utf-8")
        said = environment.carbontui("plugins", "check", ".", cwd=folder, status=1)
        line = "acme.toml, line 17: " if form == "pack" else "__init__.py, line 25: "
        wrong = f"hardware acme-x1: {line}power.tdp: '350 Wh' is an energy; a power is written like '300 W'"
        assert f"error: carbontui-acme:acme: {wrong}\n" in said
        assert "contry: unknown key; did you mean country?\n" in said
        assert "2 errors, " in said
        said = environment.pytest(folder, status=1)
        assert "FAILED tests/test_plugin.py::TestPlugin::test_record[hardware acme-x1]" in said
        assert "FAILED tests/test_plugin.py::TestPlugin::test_record[region acme:lulea]" in said
        assert wrong in said
        assert wrong in environment.carbontui("compare", "gpt-3", cwd=folder)
    finally:
        environment.pip("uninstall", "-q", "-y", "carbontui-acme", cwd=folder)
    said = environment.pytest(folder, status=1)
    assert "no plugin, folder or pack is called 'carbontui-acme'" in said
    assert "must be installed before its tests run: pip install -e ." in said
    # The folder can be checked all the same, as an author does before the first install.
    assert "2 errors" in environment.carbontui("plugins", "check", ".", cwd=folder, status=1)


@pytest.mark.parametrize("python", [False, True])
def test_what_is_generated_is_checked_as_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], python: bool
) -> None:
    folder = scaffold.new_plugin("big-acme", python=python, into=tmp_path)
    assert folder == tmp_path / "carbontui-big-acme"
    assert cli.main(["plugins", "check", str(folder), "--format", "json"]) == 0
    urls = json.loads(capsys.readouterr().out)
    # Placeholders are named, so that none is published; there is nothing else to say.
    assert [one["key"] for one in urls] == ["project.urls.Repository", "project.urls.Issues"]
    assert {one["what"].partition(": ")[2] for one in urls} == {
        "big-acme.example is a placeholder; write where the project is, or leave it out"
    }
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there >= {"pyproject.toml", "README.md", ".gitignore", ".github/workflows/test.yml", "tests/test_plugin.py"}
    assert ("carbontui_big_acme/big-acme.toml" in there) is not python
    found = check(str(folder))
    assert found.counts == dict.fromkeys(PLURAL, 1)


def test_what_is_generated_can_be_published(tmp_path: Path) -> None:
    """The wheel says its licence and has its text; the workflows pass a linter that looks nothing up."""
    folder = scaffold.new_plugin("acme", into=tmp_path)
    environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
    build = [*("-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation"), "-w", "dist", "."]
    subprocess.run([sys.executable, *build], cwd=folder, env=environment, check=True)
    (wheel,) = (folder / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read("carbontui_acme-0.1.0.dist-info/METADATA").decode()
    assert "carbontui_acme-0.1.0.dist-info/licenses/LICENSE" in names
    assert "carbontui_acme/acme.toml" in names
    for line in ("License-Expression: Apache-2.0", "Keywords: acme,carbon footprint", "## Installing"):
        assert line in metadata
    found = check(str(wheel))
    assert found.good
    assert [one.key for one in found.findings] == ["project.urls.Repository", "project.urls.Issues"]
    linter = [str(Path(sysconfig.get_path("scripts")) / "zizmor"), "--offline", "--no-config", "--strict-collection"]
    said = subprocess.run([*linter, str(folder)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    workflow = folder / ".github" / "workflows" / "release.yml"
    text = workflow.read_text(encoding="utf-8")
    for wrong in (text.replace("runs-on", "run-on"), text.replace("@ed0c53931b1dc9bd32cbe73a98c7f6766f8a527e", "@v1")):
        workflow.write_text(wrong, encoding="utf-8")
        assert subprocess.run([*linter, str(folder)], capture_output=True, check=False).returncode


def test_a_generated_pack_names_its_schema(tmp_path: Path) -> None:
    folder = scaffold.new_plugin("acme", into=tmp_path)
    first = (folder / "carbontui_acme" / "acme.toml").read_text(encoding="utf-8").splitlines()[0]
    schema = folder / "carbontui_acme" / first.removeprefix("#:schema ")
    assert json.loads(schema.read_text(encoding="utf-8"))["title"] == "carbontui pack, version 1"


@pytest.mark.parametrize(("from_index", "asked"), [(True, ""), (False, "HOST says where pip finds it")])
def test_it_says_where_the_host_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_index: bool, asked: str
) -> None:
    monkeypatch.setattr(scaffold, "host_is_from_an_index", lambda: from_index)
    folder = scaffold.new_plugin("acme", into=tmp_path)
    for name in ("pyproject.toml", "README.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert ("did not come from a package index: install it first" in text) is not from_index
    steps = (folder / ".github/workflows/test.yml").read_text(encoding="utf-8")
    assert asked in steps
    assert ("HOST" in steps) is not from_index


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Acme", "'Acme' is not a valid plugin name; use lower-case letters"),
        ("../acme", "is not a valid plugin name"),
        ("a" * 41, "is not a valid plugin name"),
        ("nvidia", "carbontui_nvidia is already installed here; choose a name other than 'nvidia'"),
        ("registry", "carbontui_registry is already installed here"),
    ],
)
def test_a_name_that_will_not_do(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["plugins", "new", name]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("carbontui*"))


def test_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["plugins", "new", "carbontui-acme"]) == 0
    assert "list hardware acme\n" in capsys.readouterr().err
    project = tmp_path / "carbontui-acme" / "pyproject.toml"
    project.write_text("mine", encoding="utf-8")
    assert cli.main(["plugins", "new", "acme"]) == 2
    assert "carbontui-acme already exists" in capsys.readouterr().err
    assert project.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    from carbontui_registry.errors import CarbontuiError

    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CarbontuiError, match="cannot be written: Not a directory"):
        scaffold.new_plugin("acme", into=tmp_path / "file")


def test_the_kit_needs_no_app(run_python: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """The kit is imported without the app: authors' suites start as fast as the registry does."""
    done = run_python("-c", "import sys, carbontui_registry.testing; print('textual' in sys.modules)")
    assert done.stdout == "False\n"
