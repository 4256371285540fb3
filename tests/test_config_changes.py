"""Changing config.toml from the program: what somebody wrote into it stays."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli_w
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from carbontui import cli
from carbontui_registry import folders
from carbontui_registry.errors import BadConfig
from carbontui_registry.folders import read_config, set_app, set_off, set_prefer

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a configuration that is not there yet, nor its folder."""
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path / "deep" / "config"))
    return tmp_path / "deep" / "config" / "config.toml"


def write(config: Path, text: str) -> None:
    config.parent.mkdir(parents=True, exist_ok=True)
    with open(config, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def test_the_folder_and_the_file_are_made(config: Path) -> None:
    set_off("acme:acme", True)
    assert config.read_text() == '[plugins]\noff = ["acme:acme"]\n'
    set_prefer("hardware:x1", "acme")
    assert config.read_text() == '[plugins]\noff = ["acme:acme"]\n\n[prefer]\n"hardware:x1" = "acme"\n'
    assert os.listdir(config.parent) == ["config.toml"]


def test_comments_order_and_permissions_stay(config: Path) -> None:
    text = '# mine\n[app]\ntheme = "carbon-light"  # by day\n\n[ plugins ] # who\noff = [\n  "a:a",  # slow\n]\n# end\n'
    write(config, text)
    config.chmod(0o640)
    set_off("b:b", True)
    assert config.read_text() == text.replace("# slow\n", '# slow\n  "b:b",\n')
    assert config.stat().st_mode & 0o777 == 0o640
    set_off("b:b", False)
    assert read_config().off == ("a:a",)
    assert config.read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "[plugins]\noff = []\n",
        '[plugins]\noff = ["a:a", "c:c"]',
        '[plugins]\noff = ["c:c", "a:a",]\n[app]\n',
        "[plugins]\noff = ['a:a', # one, two]\n 'c:c']\n",
        '[plugins]\r\noff = [\r\n  "a:a",\r\n  "c:c"\r\n]\r\n',
        "[plugins]\n",
        '"x" = 1\n'[:0],
        '[prefer]\n"hardware:x1" = "b"  # rather\n',
        '[app]\ntheme = "[plugins]"\n',
        'plugins = {off = ["a"]}\n',
        'plugins.off = ["a"]\n',
        '[prefer]\n"hardware:x1" = "b"\n[plugins]\noff = ["a", "a"]\n[app]\n[app.keymap]\nquit = "ctrl+d"\n',
    ],
)
def test_off_and_on_again(config: Path, text: str) -> None:
    write(config, text)
    before = read_config()
    set_off("b:b", True)
    assert read_config() == before.replace(off=(*before.off, "b:b"))
    set_off("b:b", True)
    assert read_config().off.count("b:b") == 1
    set_off("b:b", False)
    assert read_config() == before
    for name in before.off:
        set_off(name, False)
    assert read_config() == before.replace(off=())


def test_one_plugin_of_a_distribution_that_is_off(config: Path) -> None:
    write(config, '[plugins]\noff = ["acme"]\n')
    set_off("acme:one", False, distribution="acme", siblings=["acme:two"])
    assert read_config().off == ("acme:two",)


def test_prefer_is_replaced_and_taken_back(config: Path) -> None:
    write(config, '[prefer]\n# why\n"Hardware:X1" = "b"\n"region:r" = "c"\n')
    set_prefer("hardware:x1", "acme")
    assert read_config().prefer == (("hardware:x1", "acme"), ("region:r", "c"))
    set_prefer("hardware:x1", None)
    assert config.read_text() == '[prefer]\n# why\n"region:r" = "c"\n'


def test_a_file_with_comments_and_a_keymap_survives_every_change(config: Path, run_python: Run) -> None:
    """By the commands of a person, and what the app remembers."""
    text = (
        "# my own\n\n[app.keymap]  # as in vi\nquit = 'ctrl+d' # mine\nhelp = \"f1\"\n\n"
        '[plugins]\n# off for a while\noff = ["z:z"] # until it is faster\n\n'
        '# the rest\n[prefer]\n"hardware:x1" = "b"\n'
    )
    write(config, text)
    disabled = text.replace('["z:z"]', '["z:z", "carbontui:amd"]')
    run_python("-m", "carbontui", "plugins", "off", "carbontui:amd")
    assert config.read_text() == disabled
    set_prefer("Hardware:X1", "acme")
    assert config.read_text() == (disabled := disabled.replace('"b"', '"acme"'))
    set_app("theme", "carbon-light")
    lines = config.read_text().splitlines()
    assert [line for line in disabled.splitlines() if line not in lines] == []
    assert dict(read_config().app) == {"theme": "carbon-light", "keymap.quit": "ctrl+d", "keymap.help": "f1"}
    set_app("theme", "carbon")
    run_python("-m", "carbontui", "plugins", "on", "carbontui:amd")
    assert '\noff = ["z:z"] # until it is faster\n' in config.read_text()
    assert tomllib.loads(config.read_text())["app"]["theme"] == "carbon"


@pytest.mark.parametrize("text", ["[[[\n", "[plugins]\noff = 3\n"])
def test_a_file_that_cannot_be_changed_stays_as_it_is(config: Path, text: str) -> None:
    write(config, text)
    with pytest.raises(BadConfig, match=r"config\.toml"):
        set_off("b:b", True)
    assert config.read_text() == text


def test_a_change_that_comes_out_wrong_is_not_written(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(config, text := '[prefer]\n"hardware:x1" = "b"\n')
    monkeypatch.setattr(tomlkit, "dumps", lambda _: '[plugins]\noff = ["b:b"]\n')
    with pytest.raises(BadConfig, match="please change it by hand"):
        set_off("b:b", True)
    assert config.read_text() == text


def test_a_folder_that_cannot_be_written(config: Path) -> None:
    config.parent.parent.mkdir(parents=True, exist_ok=True)
    config.parent.write_text("in the way")
    with pytest.raises(BadConfig):
        set_off("b:b", True)


@given(st.lists(st.text(max_size=8), max_size=4, unique=True), st.text(max_size=8))
def test_any_name_goes_in_and_out(tmp_path_factory: pytest.TempPathFactory, names: list[str], last: str) -> None:
    names = [name for name in names if name.isprintable() and name != last]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARBONTUI_CONFIG", str(tmp_path_factory.mktemp("any")))
        for name in names:
            set_off(name, True)
        if last.isprintable():
            set_off(last, True)
            set_off(last, False)
        assert read_config().off == tuple(names)
        if names:
            with open(folders.config_path(), "rb") as file:
                assert tomllib.load(file) == {"plugins": {"off": names}}


# A file that cannot be read, or not all of it


WRONG = {
    "deep": ("x = " + "[" * 5000 + "]" * 5000, "is nested too deeply"),
    "not-toml": ("[[[\n", "is not TOML"),
    "latin-1": (b'[app]\ntheme = "caf\xe9"\n', "is not UTF-8"),
    "unknown-key": ('[plugins]\nofff = ["x"]\n', "plugins.offf is not known; did you mean off?"),
    "kind-of-off": ("[plugins]\noff = 3\n", "plugins.off must be a list"),
    "kind-in-off": ('[plugins]\noff = ["a:a", 5]\n', "plugins.off must be a list"),
    "kind-of-table": ("app = 5\n", "app must be a table"),
    "kind-of-keymap": ("[app]\nkeymap = 5\n", "app.keymap must be a table"),
    "kind-of-key": ("[app.keymap]\nquit = 5\n", "app.keymap.quit must be text"),
    "kind-of-theme": ("[app]\ntheme = {a = 1}\n", "app.theme must be text"),
    "kind-of-prefer": ('[prefer]\n"hardware:x" = 5\n', 'prefer: write "hardware:v100" = "acme"'),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_used_is_one_sentence_and_the_rest_works(
    case: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, right = WRONG[case]
    config.parent.mkdir(parents=True)
    config.write_bytes(text if isinstance(text, bytes) else text.encode())
    for _ in range(2):
        assert cli.main(["list", "hardware", "v100"]) == 0
        said = capsys.readouterr()
        assert "V100" in said.out
        assert right in said.err
        assert len(said.err.splitlines()) == 1
    assert cli.main(["plugins"]) == 0
    assert right in capsys.readouterr().out


def test_a_pipe_and_a_byte_order_mark(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.parent.mkdir(parents=True)
    config.write_bytes('\ufeff[plugins]\noff = ["carbontui:amd"]\n'.encode())
    assert read_config() == folders.Config(off=("carbontui:amd",))
    set_off("b:b", True)
    assert read_config().off == ("carbontui:amd", "b:b")
    config.unlink()
    os.mkfifo(config)
    assert cli.main(["list", "hardware", "v100"]) == 0
    assert "config.toml: is not a file; it is ignored" in capsys.readouterr().err


def test_names_that_nothing_has_are_said(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        config,
        '[plugins]\noff = ["nope", "carbontui:nvida"]\n[prefer]\n"hardware:v100" = "nobody"\n'
        '"model:v100" = "carbontui"\n"hardwar:v100" = "carbontui"\n"hardware:v100-sxm2-32" = "carbontui"\n',
    )
    assert cli.main(["plugins", "--format", "json"]) == 0
    (found,) = [one for one in json.loads(capsys.readouterr().out) if one["name"] == "config.toml"]
    assert found["problems"] == []
    assert sorted(found["warnings"]) == [
        "plugins.off: no plugin or pack is called 'carbontui:nvida'; did you mean carbontui:nvidia?",
        "plugins.off: no plugin or pack is called 'nope'; it is no longer installed, or never was; remove it",
        "prefer: 'hardwar' is not a kind of record; did you mean hardware?",
        "prefer: 'hardware:v100': no plugin is called 'nobody'; remove the line",
        "prefer: carbontui has no model 'v100'; remove the line, or correct the name",
    ]
    assert cli.main(["plugins"]) == 0
    assert "config.toml:\n  warning: plugins.off: no plugin" in capsys.readouterr().out


def test_twenty_thousand_names_that_are_off(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ",".join(f'"plugin-of-somebody-{n}:with-a-long-name"' for n in range(20_000))
    write(config, f"[plugins]\noff = [{names}]\n")
    assert cli.main(["list", "hardware", "v100"]) == 0
    assert "V100" in capsys.readouterr().out


KEYS = st.sampled_from(["plugins", "prefer", "app", "off", "theme", "keymap", "hardware:x", "x"])
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text("ab:é", max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_whatever_stands_there_is_read_or_said(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, object]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("any")
        patch.setenv("CARBONTUI_CONFIG", str(folder))
        (folder / "config.toml").write_bytes(tomli_w.dumps(tables).encode())
        found = read_config()
        assert all(isinstance(text, str) for text in (*found.off, *found.wrong))
        assert all(isinstance(value, str) for pairs in (found.prefer, found.app) for pair in pairs for value in pair)
        known = {"plugins": {"off": list(found.off)}, "prefer": dict(found.prefer), "app": dict(found.app)}
        assert found.wrong or known["plugins"]["off"] == (tables.get("plugins") or {"off": []}).get("off", [])
