"""What first-party plugins said is kept for when others are loaded; what is stale or damaged is never used."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbontui_registry.load_host import load
from carbontui_registry.plugin import Loaded

Install = Callable[..., Path]
PACK = 'pack = 1\nsource = {title = "Sheet"}\n[[model]]\nid = "acme-lm"\nname = "Acme"\n'


@pytest.fixture(autouse=True)
def nothing_kept(empty_cache: None, tmp_path: Path) -> None:  # noqa: ARG001
    """Not even of another registry, which a test may have been about."""
    for path in (tmp_path / "cache").glob("first-party-*.json"):
        path.unlink()


def kept(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache").glob("first-party-*.json")
    return path


def read(path: Path) -> list:  # type: ignore[type-arg]
    return list(json.loads(path.read_bytes().partition(b"\n")[2]))


def written(path: Path, content: list) -> None:  # type: ignore[type-arg]
    body = json.dumps(content).encode()
    path.write_bytes(b"%d\n%b" % (crc32(body), body))


def timeless(loaded: Loaded) -> Loaded:
    """Without the time that it took; and without files, as modules count that were first imported meanwhile."""
    return loaded.replace(plugins=tuple(plugin.replace(seconds=0.0) for plugin in loaded.plugins), files=())


def named(loaded: Loaded, own: str) -> str:
    (name,) = (record.name for _, record in loaded.records if getattr(record, "id", "") == own)  # type: ignore[attr-defined]
    return str(name)


def rename(content: list, own: str, name: str) -> None:  # type: ignore[type-arg]
    """In what is kept, so that it can be told from what a plugin says."""
    for messages, _ in content[2].values():
        for message in messages:
            if message["is"] == "record" and message["data"].get("id") == own:
                message["data"]["name"] = name


def test_what_is_kept_is_what_was_loaded(tmp_path: Path) -> None:
    first = load()
    path = kept(tmp_path)
    before = path.stat()
    again = load()
    assert timeless(again) == timeless(load(fresh=True)) == timeless(first)
    assert [plugin.seconds for plugin in again.plugins] == [plugin.seconds for plugin in first.plugins]
    assert path.stat().st_ino == before.st_ino


def test_it_is_read_where_a_plugin_and_a_pack_are_new(tmp_path: Path, install_plugin: Install) -> None:
    load()
    content = read(kept(tmp_path))
    rename(content, "h100-sxm5-80", "as kept")
    written(kept(tmp_path), content)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "acme.toml").write_text(PACK)
    install_plugin("other", PLUGIN)
    loaded = load(packs=str(tmp_path / "packs"))
    assert named(loaded, "h100-sxm5-80") == "as kept"
    assert named(loaded, "acme-lm") == "Acme"
    assert named(loaded, "other-lm") == "Other"
    assert named(load(fresh=True), "h100-sxm5-80") != "as kept"


PLUGIN = """\
from carbontui_registry import Model, Source, hookimpl
@hookimpl
def carbontui_models():
    return [Model("other-lm", "Other", Source("Sheet"))]
"""


def test_one_that_is_off_is_off_and_on_again(tmp_path: Path) -> None:
    whole = load()
    off = load(off=["carbontui:nvidia"])
    assert not any(origin == "carbontui:nvidia" for origin, _ in off.records)
    assert ("hardware", "h100-sxm5-80", "carbontui:nvidia") in off.reserved
    assert timeless(load()) == timeless(whole)
    assert len(read(kept(tmp_path))[2]) == 8


@pytest.mark.parametrize("part", ["registry", "plugin", "version"])
def test_what_has_changed_since_is_loaded_anew(tmp_path: Path, part: str) -> None:
    load()
    path = kept(tmp_path)
    content = read(path)
    rename(content, "h100-sxm5-80", "as kept")
    messages, files = content[2]["carbontui:nvidia"]
    if part == "version":
        messages[0]["version"] = "0.0.1"
    else:
        states = content[0] if part == "registry" else files
        states[next(iter(states))] = "1 1"
    written(path, content)
    assert named(load(), "h100-sxm5-80") != "as kept"
    assert named(load(), "h100-sxm5-80") != "as kept"
    assert "as kept" not in path.read_text()


@given(st.data())
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_a_damaged_file_is_as_none(whole: tuple[Path, bytes, Loaded], data: st.DataObject) -> None:
    path, good, loaded = whole
    at = data.draw(st.integers(0, len(good) - 1))
    path.write_bytes(data.draw(st.sampled_from([good[:at], good[:at] + bytes((good[at] ^ 1,)) + good[at + 1 :]])))
    assert timeless(load()) == timeless(loaded)


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Path, bytes, Loaded]:
    loaded = load()
    return kept(tmp_path), kept(tmp_path).read_bytes(), loaded


@pytest.mark.parametrize("text", ["[]", "{}", "[{}, [], []]", "null", '"a"', "[" * 100_000])
def test_so_is_one_that_holds_something_else(whole: tuple[Path, bytes, Loaded], text: str) -> None:
    path, _, loaded = whole
    path.write_bytes(b"%d\n%b" % (crc32(text.encode()), text.encode()))
    assert timeless(load()) == timeless(loaded)
