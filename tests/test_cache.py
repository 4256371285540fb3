"""The cache: a warm start runs nobody's code, and nothing stale or damaged is ever handed out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbontui_registry import load_host as loader
from carbontui_registry.cache import open_catalogue
from carbontui_registry.catalogue import Catalogue
from carbontui_registry.errors import UnknownName

pytestmark = pytest.mark.usefixtures("empty_cache")
Install = Callable[..., Path]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
PLUGIN = """\
from carbontui_registry import Model, Source, hookimpl
@hookimpl
def carbontui_models():
    return [Model("acme-lm", "{name}", Source("Sheet"))]
"""
FROM_PACK = """\
from importlib.resources import files
from carbontui_registry import hookimpl, load_pack
@hookimpl
def carbontui_models():
    return load_pack(files(__name__) / "acme.toml").models
"""
PACK = 'pack = 1\nsource = {{title = "Sheet"}}\n[[model]]\nid = "acme-lm"\nname = "{name}"\n'


def name() -> str | None:
    """The name of the one record in question, by a start of its own."""
    try:
        return str(open_catalogue().model("acme-lm").record.name)
    except UnknownName:
        return None


def is_warm() -> bool:
    return not open_catalogue().just_loaded


def cached(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache").glob("records-*")
    return path


def rewrite(path: Path, text: str) -> None:
    """New text of the same length and, whatever the clock's steps, another time."""
    size, before = path.stat().st_size, path.stat().st_mtime_ns
    path.write_text(text)
    assert path.stat().st_size == size
    os.utime(path, ns=(before + 1, before + 1))


def test_what_is_kept_is_what_was_loaded(install_plugin: Install) -> None:
    install_plugin("acme", PLUGIN.format(name="A") + "@hookimpl\ndef carbontui_hardwares():\n    pass\n")
    cold, warm = open_catalogue(), open_catalogue()
    assert (cold.just_loaded, warm.just_loaded) == (True, False)
    for kind in ("hardware", "region", "model", "run"):
        assert cold.all(kind) == warm.all(kind)
        assert cold.names(kind) == warm.names(kind)
    assert cold.plugins() == warm.plugins()
    assert cold.spellings() == warm.spellings()
    assert [p.problems for p in warm.plugins() if p.origin == "acme:acme"] != [()]


WARM = """
import sys
from carbontui_registry.cache import open_catalogue
opened = open_catalogue()
opened.hardware("v100"), opened.region("grid:US-CA"), opened.runs(opened.model("gpt-3"))
print(opened.just_loaded, *sorted(sys.modules))
"""


def test_a_warm_start_runs_nobodys_code(install_plugin: Install, run_python: Run, tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    site = install_plugin("acme", f"open({str(mark)!r}, 'a').write('x')\n").parent
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[app]\ntheme = "nord"\n')
    assert run_python("-c", WARM, site=site).stdout.split()[0] == "True"
    assert mark.read_text() == "x"
    warm, *modules = run_python("-c", WARM, site=site).stdout.split()
    assert warm == "False"
    assert mark.read_text() == "x"
    not_needed = {"pint", "tomllib", "pluggy", "platformdirs", "dataclasses", "subprocess", "textual", "carbontui"}
    not_needed |= {"acme", "carbontui_registry.load_host", "carbontui_registry.load_worker", "importlib.metadata"}
    assert not not_needed.intersection(modules)
    assert not [m for m in modules if m.startswith("carbontui_") and m.split(".")[0] != "carbontui_registry"]


def test_a_distribution_comes_and_goes(install_plugin: Install) -> None:
    install_plugin("other")
    assert name() is None
    assert is_warm()
    module = install_plugin("acme", PLUGIN.format(name="A"))
    assert name() == "A"
    assert is_warm()
    info = module.parent / "acme-1.0.dist-info"
    info.rename(module.parent / "gone")
    assert name() is None


@pytest.mark.parametrize("breaks", ["", "import os; os._exit(3)  #", "raise ValueError  #"])
def test_a_plugins_module_changes(install_plugin: Install, breaks: str) -> None:
    """In place, so that its folder stays as it was; also that of a plugin which could not be loaded."""
    good = PLUGIN.format(name="A")
    broken = breaks + "\n" + good
    module = install_plugin("acme", broken)
    assert name() == (None if breaks else "A")
    assert is_warm()
    rewrite(module, good.replace('"A"', '"B"').ljust(len(broken)))
    assert name() == "B"
    assert is_warm()


def test_a_plugins_pack_changes(install_plugin: Install) -> None:
    files = {"acme/__init__.py": FROM_PACK, "acme/acme.toml": PACK.format(name="A")}
    site = install_plugin("acme", files=files, module="acme_unused", entry_points="[carbontui]\nacme = acme\n").parent
    assert name() == "A"
    assert is_warm()
    rewrite(site / "acme" / "acme.toml", PACK.format(name="B"))
    assert name() == "B"


def test_a_users_pack_comes_changes_and_goes(tmp_path: Path) -> None:
    assert name() is None
    packs = tmp_path / "config" / "packs"
    packs.mkdir(parents=True)
    assert name() is None
    assert is_warm()
    mine = packs / "mine.toml"
    mine.write_text(PACK.format(name="A"))
    assert name() == "A"
    assert is_warm()
    rewrite(mine, PACK.format(name="B"))
    assert name() == "B"
    mine.unlink()
    assert name() is None


def test_the_configuration_changes(install_plugin: Install, tmp_path: Path) -> None:
    install_plugin("acme", PLUGIN.format(name="A"))
    assert name() == "A"
    (tmp_path / "config").mkdir()
    config = tmp_path / "config" / "config.toml"
    config.write_text('[plugins]\noff = ["acme"]\n')
    assert name() is None
    assert is_warm()
    rewrite(config, '[plugins]\noff = ["ac-e"]\n')
    assert name() == "A"
    config.unlink()
    assert name() == "A"
    assert is_warm()


def test_a_single_start_without_a_plugin_is_not_kept(install_plugin: Install) -> None:
    install_plugin("acme", PLUGIN.format(name="A"))
    for without in (["acme"], ["acme:acme"]):
        with pytest.raises(UnknownName):
            open_catalogue(without=without).model("acme-lm")
    with pytest.raises(UnknownName):
        open_catalogue(only_first_party=True).model("acme-lm")
    assert name() == "A"
    for aside in (open_catalogue(without=["acme"]), open_catalogue(only_first_party=True)):
        assert not aside.just_loaded
        with pytest.raises(UnknownName):
            aside.model("acme-lm")
    assert name() == "A"


def test_fresh_neither_reads_nor_writes(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")
    assert open_catalogue(fresh=True).just_loaded
    assert not (tmp_path / "cache").exists()
    open_catalogue()
    before = cached(tmp_path).stat().st_mtime_ns, cached(tmp_path).read_bytes()
    assert open_catalogue(fresh=True).just_loaded
    assert (cached(tmp_path).stat().st_mtime_ns, cached(tmp_path).read_bytes()) == before


def other_database(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()


def change_one_figure(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.count(b'"value": 300.0') > 0
    path.write_bytes(raw.replace(b'"value": 300.0', b'"value": 900.0', 1))


def into_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"x" * 100_000),
    "another database": other_database,
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-5000]),
    "cut very short": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "zeros within": lambda path: path.write_bytes(path.read_bytes()[:200_000] + bytes(200_000)),
    "one figure": change_one_figure,
    "another format": lambda path: path.write_bytes(path.read_bytes().replace(b"CREATE", b"CRAETE")),
    "a record's key": lambda path: path.write_bytes(path.read_bytes().replace(b"record 00000007", b"recorc 00000007")),
    "a name's key": lambda path: path.write_bytes(path.read_bytes().replace(b"hardware:v100", b"hardwarf:v100")),
    "a folder": into_folder,
}
A_FEW = ("v100", "a100", "x1", "gpt-3", "acme-lm", "grid:us-ca", "no-such-thing")


def found(catalogue: Catalogue, kind: str, name: str) -> object:
    """What a name leads to, with the runs of a model, or what is said where it leads nowhere."""
    try:
        one = catalogue.find(kind, name)
    except UnknownName as error:
        return str(error)
    return one, catalogue.claimants(kind, name), catalogue.runs(one) if kind == "model" else None


def everything(catalogue: Catalogue) -> dict[object, object]:
    """All that a catalogue can be asked."""
    kinds = ("hardware", "region", "model", "run")
    answers: dict[object, object] = {("found", k, name): found(catalogue, k, name) for k in kinds for name in A_FEW}
    for kind in kinds:
        answers[kind] = catalogue.all(kind), catalogue.briefs(kind), catalogue.names(kind)
    plugins = [p.replace(seconds=0.0) for p in catalogue.plugins()]
    answers["rest"] = plugins, catalogue.counts(), catalogue.contested("carbontui:paper"), catalogue.spellings()
    return answers


class Kept:
    """A cache's file and what it holds."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self.whole = cached(folder).read_bytes()
        self.everything = everything(catalogue)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_thrown_away(tmp_path: Path, damage: str) -> None:
    cold = open_catalogue()
    DAMAGES[damage](cached(tmp_path))
    again = open_catalogue()
    assert everything(again) == everything(cold)
    # What stands behind the end is nobody's figure.
    assert again.just_loaded == (damage != "longer")
    if damage != "a folder":  # which we would rather not delete
        assert is_warm()


@pytest.fixture
def kept(install_plugin: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """What was loaded once, and its cache; loading again takes no time."""
    install_plugin("acme", PLUGIN.format(name="A"))
    loaded = loader.load()
    monkeypatch.setattr(loader, "load", lambda **_: loaded)
    return Kept(tmp_path, open_catalogue())


@given(st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_damaged_no_figure_is_another_one(kept: Kept, data: st.DataObject) -> None:
    raw, size = bytearray(kept.whole), len(kept.whole)
    # The head of the file and of each page say where everything else is.
    places = {
        "anywhere": st.integers(0, size - 1),
        "in the head": st.integers(0, 200),
        "in the head of a page": st.tuples(st.integers(0, size // 4096 - 1), st.integers(0, 20)).map(
            lambda at: 4096 * at[0] + at[1]
        ),
    }
    where = data.draw(st.sampled_from(["anywhere", "anywhere", "anywhere", *places, "cut"]))
    if where == "cut":
        raw = raw[: data.draw(st.integers(0, size))]
    else:
        raw[data.draw(places[where])] ^= data.draw(st.integers(1, 255))
    cached(kept.folder).write_bytes(raw)
    again = open_catalogue()
    kind, names = data.draw(st.sampled_from([("hardware", A_FEW), ("model", A_FEW), ("region", A_FEW)]))
    for name in names:
        assert found(again, kind, name) == kept.everything["found", kind, name]
    assert everything(again) == kept.everything
    assert is_warm()


def test_letters_that_are_none_in_the_sql_of_the_cache_are_damage(install_plugin: Install, tmp_path: Path) -> None:
    install_plugin("acme", PLUGIN.format(name="A"))
    open_catalogue()
    path = cached(tmp_path)
    assert path.read_bytes().count(b"PRIMARY KEY,") == 1
    path.write_bytes(path.read_bytes().replace(b"PRIMARY KEY,", b"PRIMARY KEY\xac"))
    assert name() == "A"
    assert is_warm()


def test_a_damage_that_is_met_late_is_mended_for_the_next_start(install_plugin: Install, tmp_path: Path) -> None:
    module = install_plugin("acme", PLUGIN.format(name="A"))
    open_catalogue()
    path = cached(tmp_path)
    record = b'"id": "acme-lm", "name": "A"'
    assert path.read_bytes().count(record) == 1
    path.write_bytes(path.read_bytes().replace(record, record.replace(b"A", b"B")))
    opened = open_catalogue()
    assert not opened.just_loaded
    assert opened.hardware("v100").first_party
    assert not opened.just_loaded
    assert opened.model("acme-lm").record.name == "A"
    assert opened.just_loaded
    assert is_warm()
    assert name() == "A"
    # One that is open keeps what it has, whatever becomes of the file.
    held = open_catalogue()
    rewrite(module, PLUGIN.format(name="C"))
    assert name() == "C"
    path.unlink()
    assert held.model("acme-lm").record.name == "A"


@pytest.mark.parametrize("folder", ["a?mode=rwc&b#c%41", "sp ace/'quotes\"", "\udcff", "ü;x"])
def test_any_folder_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv("CARBONTUI_CACHE", str(tmp_path / folder))
    for warm in (False, True):
        assert is_warm() == warm
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CARBONTUI_CACHE", folder)
    assert is_warm()


@pytest.mark.parametrize("link", [False, True])
def test_without_a_folder_that_can_be_written_it_goes_without(tmp_path: Path, link: bool) -> None:
    place = tmp_path / "cache"
    shutil.rmtree(place)
    if link:
        place.symlink_to(tmp_path / "nowhere" / "at all")
    else:
        place.write_text("a file")
    for _ in range(2):
        assert open_catalogue().hardware("v100").first_party


TWO_AT_ONCE = """
import sys
from carbontui_registry.cache import open_catalogue
print("ready", flush=True)
sys.stdin.readline()
print(len(open_catalogue().all("hardware")))
"""


def test_two_that_write_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": tmp_path}
    both = [subprocess.Popen([sys.executable, "-c", TWO_AT_ONCE], **piped) for _ in range(2)]  # type: ignore[call-overload]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate()[0] for process in both]
    assert outputs == ["158\n", "158\n"]
    check = [sys.executable, "-c", WARM]
    warm = subprocess.run(check, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert warm.split()[0] == "False"
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    open_catalogue()
    assert cached(tmp_path).stat().st_mode & 0o077 == 0
