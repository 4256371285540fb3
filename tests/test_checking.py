"""`plugins check` and the conformance kit: everything that is wrong at once, where, and what would be right."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carbontui import cli
from carbontui_registry import checking
from carbontui_registry.checking import Checked, NothingToCheck, check
from carbontui_registry.testing import PluginTests

HEAD = "from carbontui_registry import *\nS = Source('Sheet', year=2026)\n"
HOOK = "@hookimpl\ndef carbontui_hardware():\n    yield Hardware('x1', 'X1', S, power=PowerProfile({}))\n"
PACK = 'pack = 1\n\nsource = {title = "Sheet", year = 2026}\n'
PROJECT = '[project]\nname = "Acme_Hardware"\nversion = "1"\n[project.entry-points.carbontui]\nacme = "acme_hw"\n'
PLUGINS = Path(__file__).parent.parent / "plugins"


class TestFirstParty(PluginTests):
    """The figures that come with carbontui pass the kit that it gives to others."""

    plugin = "carbontui"


def said(found: Checked) -> list[str]:
    return [f"{f.severity}: {f.where}: {f.what}" for f in found.findings]


def run(*arguments: str) -> int:
    return cli.main(["plugins", "check", *arguments])


# Packs


def test_everything_in_a_pack_at_once_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        PACK + '[[hardware]]\nid = "x1"\nname = "X1"\nvendr = "Acme"\npower = {tdp = "350 Wh"}\n'
        '[[region]]\nid = "acme:r"\nname = "R"\npue = 4\n'
        '[[model]]\nid = "GPT 3"\nname = "M"\n'
    )
    assert run(str(path)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"error: {path}, line 7: hardware x1: vendr: unknown key; did you mean vendor?",
        f"error: {path}, line 8: hardware x1: power.tdp: '350 Wh' is an energy; a power is written like '300 W'",
        f"error: {path}, line 14: model GPT 3: id: 'GPT 3' is not an id; write lower case letters, digits and . _ -,"
        " such as 'acme-x1'",
        f"warning: {path}, line 12: region acme:r: pue: a PUE of 4 is unlikely; surveys find 1.1 to 2.5",
        "1 region good, 3 errors, 1 warning",
    ]
    assert run(str(path), "--format", "json") == 1
    first, *_ = json.loads(capsys.readouterr().out)
    assert first == {
        **{"severity": "error", "where": f"{path}, line 7", "what": lines[0].split("line 7: ")[1]},
        **{"record": "hardware x1", "file": str(path), "line": 7, "key": "vendr"},
        **{"given": "vendr", "expected": "vendor", "remedy": "did you mean vendor?"},
    }


def test_thousands_of_findings_are_told_by_their_causes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "acme.toml"
    rows = [f'[[model]]\nid = "m-{n}"\nname = "M"\nparams = "{n}7 Wh"\n' for n in range(2000)]
    rows.append('[[model]]\nid = "other"\nname = "M"\nshine = 1\n')
    path.write_text(PACK + "".join(rows))
    assert run(str(path)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert lines[0].startswith(f"error: {path}, line 7: model m-0: params: '07 Wh' has a unit; a plain")
    assert lines[5] == "  and 1,995 more like this one; --format json has all"
    assert "model other: shine: unknown key" in lines[6]
    assert lines[7] == "no record good, 2,001 errors, 0 warnings"
    assert run(str(path), "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["line"] for one in found[:2000]] == [7 + 4 * n for n in range(2000)]


def test_warnings_alone_leave_the_exit_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(PACK + '[[region]]\nid = "acme:r"\nname = "R"\npue = 4\n')
    assert run(str(path)) == 0
    assert "0 errors, 1 warning" in capsys.readouterr().out


def test_characters_that_cannot_be_shown_are_named(tmp_path: Path, install_plugin: Callable[..., Path]) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        PACK.replace("Sheet", "Sheet\\u202E") + '[[model]]\nid = "one"\nname = "O\\u001b[31mne\\u0007 \\u00a0 1"\n'
        '[[model]]\nid = "pasted"\nname = "A\\u00a0name  from a datasheet"\nsource = {title = "Another", year = 2025}\n'
    )
    one = ["model one: source.title: U+202E cannot be shown; it reads 'Sheet'"]
    one += ["model one: name: U+001B and U+0007 cannot be shown; it reads 'O[31mne 1'"]
    at = zip((4, 6), one, strict=True)
    assert said(check(str(path))) == [f"warning: {path}, line {line}: {text}" for line, text in at]
    install_plugin(
        "acme", HEAD + f"PACK = load_pack({str(path)!r})\n@hookimpl\ndef carbontui_models():\n    return PACK.models\n"
    )
    assert said(check("acme")) == [f"warning: acme:acme: {text}" for text in one]


def test_a_pack_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(PACK + "[[hardwares]]\nid = 1\n[[regoin]]\n")
    assert said(check(str(path))) == [
        f"error: {path}, line 4: 'hardwares' is not known; did you mean hardware?",
        f"error: {path}, line 6: 'regoin' is not known; did you mean region?",
    ]
    path.write_text("pack = \n")
    (one,) = said(check(str(path)))
    assert one.startswith(f"error: {path}: is not TOML: Invalid value (at line 1")


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ("pack = 1\n[sources]\n", "'sources' is not known"),
        ("pack = 1\n[[hardwares]]\n", "'hardwares' is not known"),
        ("", "pack: needs the version of the format"),
        ("pack = 1\n[region]\n", "[region] has single brackets"),
        (f'pack = 1\n[[model]]\nname = "{"M" * 201}"\n', "text of 201 characters"),
    ],
)
def test_what_is_wrong_with_the_file_hides_nothing_of_its_records(tmp_path: Path, head: str, wrong: str) -> None:
    source = 'source = {title = "A sheet", url = "https://acme.org/x", year = 2025}\n'
    records = f'[[hardware]]\nid = "acme-x1"\nname = "X1"\n{source}memory = "80 W"\n'
    records += f'[[run]]\nmodel = "nosuch-model"\nhardware = "h100"\n{source}'
    path = tmp_path / "acme.toml"
    path.write_text(head + records, encoding="utf-8")
    found = check(str(path))
    assert not found.good
    for text in (wrong, "hardware acme-x1: memory: '80 W' is a power", "nothing is registered as 'nosuch-model'"):
        assert any(text in one for one in said(found)), text


def test_a_pack_of_a_newer_format_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(PACK.replace("1", "2") + '[[model]]\nid = "m"\nname = "M"\nshine = 1\n')
    assert said(check(str(path))) == [
        f"warning: {path}: is written for contract 2; this carbontui supports 1",
        f"warning: {path}, line 7: model m: shine: not known to this version of carbontui; ignored",
    ]


def test_names_that_others_hold_and_references_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        PACK + '[[hardware]]\nid = "x1"\nname = "X1"\naliases = ["v100"]\npower = {tdp = "350 W"}\n'
        '[[run]]\nmodel = "gpt-33"\nhardware = "x1"\n'
    )
    alias, run = said(check(str(path)))
    assert alias == (
        f"warning: {path}, line 4: hardware x1: v100 already belongs to carbontui:nvidia; use acme/x1,"
        ' or prefer it in config.toml: [prefer] "hardware:v100" = "acme"'
    )
    assert "run gpt-33/x1: model: nothing is registered as 'gpt-33'; did you mean gpt-3" in run


@pytest.mark.parametrize("path", sorted(PLUGINS.rglob("*.toml")), ids=lambda path: path.stem)
def test_a_pack_inside_an_installed_plugin_is_not_held_against_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch, loaded: Any
) -> None:
    monkeypatch.setattr(checking, "load", lambda **_: loaded)
    found = check(str(path))
    assert found.good
    assert sum(found.counts.values()) == len(found.records) > 0
    assert not [finding for finding in found.findings if "belongs to" in finding.what]


@pytest.fixture(scope="module")
def loaded() -> Any:
    from carbontui_registry.load_host import load

    return load()


def test_a_run_impossibly_fast_is_an_error_of_its_pack(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(PACK + '[[run]]\nmodel = "gpt-3"\nhardware = "v100"\nthroughput = "500 TFLOP/s"\n')
    found = check(str(path))
    assert [f.record for f in found.findings if f.severity == "error"] == ["run gpt-3/v100"]
    assert "% of the peak of v100" in found.findings[0].what
    assert not sum(found.counts.values())


# Installed plugins and folders


def test_an_installed_plugin_by_name_and_by_distribution(install_plugin: Callable[..., Path]) -> None:
    module = install_plugin("acme", HEAD + HOOK.format("tdp='3 Wh', shine=1"))
    at = "error: acme:acme: hardware x1: acme.py, line 5: power"
    wrong = [
        f"{at}.shine: unknown key; known keys: tdp, mean, idle, boundary and node_mean",
        f"{at}.tdp: '3 Wh' is an energy; a power is written like '300 W'",
    ]
    for name in ("acme", "acme:acme"):
        found = check(name)
        assert said(found) == wrong
        assert found.records == ("hardware x1",)
        assert [(f.file, f.line, f.key) for f in found.findings] == [
            (str(module), 5, "power.shine"),
            (str(module), 5, "power.tdp"),
        ]
    with pytest.raises(NothingToCheck, match="no plugin, folder or pack is called 'acne'; did you mean acme"):
        check("acne")


def test_an_installed_plugin_by_its_entry_point_where_only_one_is_called_so(
    install_plugin: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "imported"
    code = HEAD + f"open({str(mark)!r}, 'w').close()\n" + HOOK.format("'350 W'")
    install_plugin("carbontui-acme", code, entry_points="[carbontui]\nacme = carbontui_acme\n")
    assert cli.main(["plugins", "off", "acme"]) == 0
    assert "carbontui-acme:acme is off" in capsys.readouterr().err
    assert cli.main(["plugins", "on", "acme"]) == 0
    assert cli.main(["list", "hardware", "x1", "--no-plugin", "acme"]) == 0
    assert "x1" not in capsys.readouterr().out
    # Nothing is imported before it is known that there is one of the name.
    assert cli.main(["list", "hardware", "x1", "--no-plugin", "acne"]) == 2
    assert "no plugin is called 'acne'; known: " in capsys.readouterr().err
    assert not mark.exists()
    assert check("acme").records == ("hardware x1",)
    assert cli.main(["list", "hardware", "x1"]) == 0
    assert "x1" in capsys.readouterr().out
    assert cli.main(["list", "hardware", "x1", "--no-plugin", "acme"]) == 0
    assert "x1" not in capsys.readouterr().out
    install_plugin("other", entry_points="[carbontui]\nacme = other\n")
    for command in (["plugins", "off", "acme"], ["plugins", "check", "acme"], ["compare", "--no-plugin", "acme"]):
        assert cli.main(command) == 2
        assert "carbontui-acme:acme" in capsys.readouterr().err


@pytest.mark.parametrize("source", ["", "src"])
def test_a_folder_before_it_is_installed(tmp_path: Path, source: str) -> None:
    (tmp_path / source).mkdir(exist_ok=True)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / source / "acme_hw.py").write_text(HEAD + HOOK.format("'350 W'"))
    for target in (tmp_path, tmp_path / "pyproject.toml"):
        found = check(str(target))
        assert said(found) == []
        assert (found.counts["hardware"], found.records) == (1, ("hardware x1",))


@pytest.mark.parametrize(
    ("project", "wrong"),
    [
        ("[project]\nname = 'x'\n", "has no entry point; write [project.entry-points.carbontui]"),
        ("project = 5\n", "has no entry point"),
        ("[project]\nentry-points = [1]\n", "has no entry point"),
        ("[project.entry-points]\ncarbontui = 'acme_hw'\n", "has no entry point"),
        ("[project.entry-points.carbontuis]\na = 'b'\n", "carbontui], not carbontuis"),
        ("[project\n", "is not TOML"),
        (PROJECT, "ModuleNotFoundError: No module named 'acme_hw'"),
        (PROJECT.replace("acme_hw", "acme_hw:x"), "it must name a module, such as acme_hw"),
    ],
)
def test_a_folder_that_is_no_plugin(tmp_path: Path, project: str, wrong: str) -> None:
    (tmp_path / "pyproject.toml").write_text(project)
    (finding,) = check(str(tmp_path)).findings
    assert finding.severity == "error"
    assert wrong in finding.what
    assert not finding.record


def test_a_folder_of_packs_and_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheck, match="has neither a pyproject"):
        check(str(tmp_path))
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(PACK + f'[[model]]\nid = "{name}"\nname = "M"\n')
    found = check(str(tmp_path))
    assert (found.counts["model"], found.records) == (2, ("model one", "model two"))
    (tmp_path / "run.toml").write_text(PACK + '[[run]]\nmodel = "one"\nhardware = "a100"\n')
    assert said(check(str(tmp_path))) == []


def test_what_to_check_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("nowhere.toml") == 2
    assert "there is no pack nowhere.toml" in capsys.readouterr().err
    assert run() == 2
    assert "Write the name of a plugin, a folder, a wheel, a pack ending in .toml, or" in capsys.readouterr().err


# What was built


FROM_A_PACK = (
    HEAD
    + """from importlib.resources import files
PACK = load_pack(files(__name__) / "acme.toml")
@hookimpl
def carbontui_models():
    return PACK.models
"""
)


def archive(path: Path, files: dict[str, str]) -> str:
    """A wheel or an sdist of these files."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path, "w") as made:
            for name, text in files.items():
                made.writestr(name, text)
    else:
        with tarfile.open(path, "w:gz") as made:
            for name, text in files.items():
                info = tarfile.TarInfo(f"acme_hardware-1/{name}")
                info.size = len(text.encode())
                made.addfile(info, io.BytesIO(text.encode()))
    return str(path)


@pytest.mark.parametrize("name", ["acme_hardware-1-py3-none-any.whl", "acme_hardware-1.tar.gz"])
def test_a_wheel_and_an_sdist_are_checked_as_they_are(tmp_path: Path, name: str) -> None:
    info = "acme_hardware-1.dist-info"
    files = {
        "acme_hw/__init__.py": FROM_A_PACK,
        "acme_hw/acme.toml": PACK + '[[model]]\nid = "m"\nname = "M"\n',
        "pyproject.toml": PROJECT,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: Acme_Hardware\nVersion: 1\n",
        f"{info}/entry_points.txt": "[carbontui]\nacme = acme_hw\n",
    }
    target = archive(tmp_path / name, files)
    assert (said(check(target)), check(target).records) == ([], ("model m",))
    # As a build does that is not told of the pack.
    del files["acme_hw/acme.toml"]
    (finding,) = said(check(archive(tmp_path / name, files)))
    assert finding.startswith("error: acme-hardware:acme: ")
    assert "acme.toml: cannot be read: No such file or directory" in finding


@pytest.mark.parametrize("name", ["x.whl", "x.tar.gz"])
def test_what_is_no_package_is_said(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(tmp_path / name)) == 2
    assert "there is no package" in capsys.readouterr().err
    (tmp_path / name).write_bytes(b"nothing of the kind")
    assert run(str(tmp_path / name)) == 2
    assert "cannot be unpacked" in capsys.readouterr().err
    archive(tmp_path / name, {"readme.txt": ""})
    assert run(str(tmp_path / name)) == 2
    assert "has no " in capsys.readouterr().err


# The kit

SUITE = """
from carbontui_registry.testing import PluginTests
class TestPack(PluginTests):
    plugin = {!r}
class TestStrict(TestPack):
    allow_warnings = False
class TestForgotten(PluginTests):
    pass
def test_of_ones_own():
    assert True
"""


def test_the_kit_gives_a_test_for_each_record_and_each_finding(
    tmp_path: Path, run_python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        PACK.replace("1", "2") + '[[model]]\nid = "fine"\nname = "M"\n[[region]]\nid = "wide"\nname = "R"\npue = 4\n'
        '[[hardware]]\nid = "bad"\nname = "X"\npower = {tdp = "1 Wh", idle = "2 h"}\n'
    )
    suite = tmp_path / "test_acme.py"
    suite.write_text(SUITE.format(str(path)))
    command = ("-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-rA", str(suite))
    done = run_python(*command, status=1)
    ends = dict(reversed(line.split(" ", 1)) for line in done.stdout.splitlines() if line[:6] in ("PASSED", "FAILED"))
    ends = {name.split("::", 1)[1].split(" - ")[0]: end for name, end in ends.items()}
    newer = "warning: is written for contract 2; this carbontui supports 1"
    assert ends == {
        "TestPack::test_record[model fine]": "PASSED",
        "TestPack::test_record[region wide]": "PASSED",
        "TestPack::test_record[hardware bad]": "FAILED",
        f"TestPack::test_plugin[{newer}]": "PASSED",
        "TestPack::test_it_brings_records": "PASSED",
        "TestStrict::test_record[model fine]": "PASSED",
        "TestStrict::test_record[region wide]": "FAILED",
        "TestStrict::test_record[hardware bad]": "FAILED",
        f"TestStrict::test_plugin[{newer}]": "FAILED",
        "TestStrict::test_it_brings_records": "PASSED",
        **{name: end for name, end in ends.items() if name.startswith("TestForgotten::test_plugin")},
        "TestForgotten::test_it_brings_records": "FAILED",
        "test_of_ones_own": "PASSED",
    }
    for text in ("power.tdp: '1 Wh' is an energy", "power.idle: '2 h' is a duration", 'write plugin = "'):
        assert text in done.stdout
