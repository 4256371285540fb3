"""Changing config.toml from the program: what somebody wrote into it stays."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbontui_registry import folders
from carbontui_registry.errors import BadConfig
from carbontui_registry.folders import read_config, set_off, set_prefer


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


@pytest.mark.parametrize(
    "text", ['plugins = {off = ["a"]}\n', 'plugins.off = ["a"]\n', "[[[\n", "[plugins]\noff = 3\n"]
)
def test_a_file_that_cannot_be_changed_stays_as_it_is(config: Path, text: str) -> None:
    write(config, text)
    with pytest.raises(BadConfig, match=r"config\.toml"):
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
