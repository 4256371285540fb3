"""What every test shares: an environment of its own, the installed registry, and distributions that look installed."""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The five seconds that a plugin may take are too few on a busy machine; tests of the limit set one of their own.
os.environ["CARBONTUI_PLUGIN_SECONDS"] = "120"

# A shell starts what runs in its background with Ctrl+C ignored, and every process under test would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The last is left behind where `serve` runs in the process of a test, and would end that of a later one.
UNSET = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CARBONTUI_DEBUG", "CARBONTUI_SERVED_BY")

# Hypothesis' own limit of 200 ms an example is a timed assert, which a busy machine fails.
# The same examples each time, so that a run says something of the change under test; `search` looks for new ones.
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=500)
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("default")


# What calls each part of a runtime dependency that the project uses: these run with its lower bound too. Of Textual:
# every kind of widget, keys and keymaps, the mouse, screens above screens, a real terminal, a page.
LOWER_BOUNDS = {
    "numpy": ("test_sweep*", "test_budget*", "test_ledger", "test_ledger_overlap"),
    "pint": ("test_units*",),
    "platformdirs": ("test_folders*",),
    "pluggy": ("test_loader*", "test_first_party*"),
    "textual": (
        *(
            "test_tui_bindings*",
            "test_tui_compare",
            "test_tui_compare_cells",
            "test_tui_map*",
            "test_tui_plan*",
            "test_tui_registry*",
        ),
        *("test_tui_type_ahead*", "test_pty*", "test_serve*"),
    ),
    "tomli-w": ("test_exchange*",),
    "tomlkit": ("test_config_changes*", "test_tui_ledger_cluster*"),
}


# Its readers of formats assert.
pytest.register_assert_rewrite("exports")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    patterns = [pattern for more in LOWER_BOUNDS.values() for pattern in more]
    for item in items:
        if any(item.path.match(f"{pattern}.py") for pattern in patterns):
            item.add_marker("lower_bounds")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: it is not looked through for garbage again and again, and, as where the
    command runs by itself, what is new is looked through less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores, as each waits for processes that it has started a third of its time. None but this
    process where a test or a file is named: starting others takes longer than most tests do."""
    few = len(config.args) == 1 and (Path(config.args[0]).is_file() or "::" in config.args[0])
    return 0 if few else (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    found = importlib.metadata.entry_points(group="carbontui")
    if not any(entry_point.dist and entry_point.dist.name == "carbontui" for entry_point in found):
        raise pytest.UsageError(
            f"carbontui is not installed for {sys.executable}: without an install there are no plugins to test. "
            "Write: pip install -e '.[test]'"
        )


def remove(path: Path) -> None:
    """Whatever a test has put there: a folder, a file in its place, a link to nowhere, nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class SharedFolders:
    """Cache and configuration for all tests of one process, put in order after each of them.

    The cache's key holds the path of the configuration, so that two tests share a cache only where that is the same
    folder for both. What a test leaves in the configuration is removed, and the cache with it, as it may hold what that
    configuration said; the next test finds the cache as it was before. Loading every plugin takes six times as long as
    a command that finds a cache, and twice as long as where it is kept what first-party plugins said.
    """

    def __init__(self, folder: Path) -> None:
        self.config, self.cache, self.seed = folder / "config", folder / "cache", folder / "seed"
        self.seed.mkdir()
        self.seen: dict[str, int] = {}

    def cached(self) -> dict[str, int]:
        """The files of the cache with their inodes: a file is only ever replaced."""
        return {one.name: one.stat().st_ino for one in self.cache.iterdir()} if self.cache.is_dir() else {}

    def lend_first_party(self, cache: Path) -> None:
        """Put what first-party plugins said into another cache."""
        cache.mkdir()
        for path in self.seed.glob("first-party-*"):
            shutil.copy(path, cache / path.name)

    def put_in_order(self) -> None:
        if os.path.lexists(self.config):
            remove(self.config)
            remove(self.cache)
        there = self.cached()
        if there == self.seen:
            return
        self.cache.mkdir(exist_ok=True)
        for name, inode in there.items():
            if inode != self.seen.get(name):
                shutil.copy(self.cache / name, self.seed / name)
        for path in self.seed.iterdir():
            if path.name not in there:
                shutil.copy(path, self.cache / path.name)
        self.seen = self.cached()


@pytest.fixture(scope="session")
def shared_folders(tmp_path_factory: pytest.TempPathFactory) -> SharedFolders:
    return SharedFolders(tmp_path_factory.mktemp("own"))


@pytest.fixture(autouse=True)
def own_environment(shared_folders: SharedFolders, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody else's configuration, a cache of what is installed, and no wishes about colour."""
    monkeypatch.setenv("CARBONTUI_CACHE", str(shared_folders.cache))
    monkeypatch.setenv("CARBONTUI_CONFIG", str(shared_folders.config))
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    yield
    shared_folders.put_in_order()


@pytest.fixture
def empty_cache(
    own_environment: None,  # noqa: ARG001
    shared_folders: SharedFolders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cache and configuration in the test's own folder, for tests about either: no record is there at first."""
    shared_folders.lend_first_party(tmp_path / "cache")
    monkeypatch.setenv("CARBONTUI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path / "config"))


@pytest.fixture(scope="session")
def catalogue(shared_folders: SharedFolders, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """All that is registered by what is installed."""
    from carbontui_registry.cache import open_catalogue

    folder = tmp_path_factory.mktemp("session")
    shared_folders.lend_first_party(folder / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARBONTUI_CACHE", str(folder / "cache"))
        patch.setenv("CARBONTUI_CONFIG", str(folder / "config"))
        return open_catalogue()


@pytest.fixture(scope="module")
def walk(catalogue):  # type: ignore[no-untyped-def]
    """A comparison that has something of everything, for tests of formats."""
    from exports import WALK, compared

    return compared(catalogue, *WALK, title="walk")


@pytest.fixture(scope="module")
def own():  # type: ignore[no-untyped-def]
    """A registry of made-up records, for tests of scenarios."""
    from scenarios import catalogue_of

    return catalogue_of()


@pytest.fixture(scope="module")
def report(catalogue):  # type: ignore[no-untyped-def]
    """The estimates held against all published runs."""
    from carbontui.verification.estimates import estimates

    return estimates(catalogue)


@pytest.fixture
def reading(catalogue):  # type: ignore[no-untyped-def]
    """What the log of a tool is read with; its warnings are those of one test."""
    from carbontui.importers.reading import Reading

    return Reading(catalogue)


@pytest.fixture
def importer(tmp_path: Path, catalogue):  # type: ignore[no-untyped-def]
    """Reads texts as files of another tool."""
    from imported import Importer

    return Importer(tmp_path, catalogue)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log of Slurm and the file of its cluster, in which a test of the ledger on the screen runs."""
    for name, called in (("slurm_sacct.txt", "jobs.txt"), ("cluster.toml", "cluster.toml")):
        shutil.copy(Path(__file__).parent / "data" / name, tmp_path / called)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def first_party(shared_folders: SharedFolders, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """What comes with carbontui alone, so that nothing else that is installed is in the pictures."""
    from carbontui_registry.cache import open_catalogue

    folder = tmp_path_factory.mktemp("first-party")
    shared_folders.lend_first_party(folder / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARBONTUI_CACHE", str(folder / "cache"))
        patch.setenv("CARBONTUI_CONFIG", str(folder / "config"))
        yield open_catalogue(only_first_party=True)


class Site:
    """A folder in which distributions stand as if pip had put them there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def install(
        self,
        distribution: str = "acme",
        code: str = "",
        *,
        version: str = "1.0",
        module: str | None = None,
        entry_points: str | bytes | None = None,
        files: Mapping[str, str] | None = None,
        metadata: bool = True,
    ) -> Path:
        """Write module and dist-info; gives the module's path. The entry point has the distribution's name."""
        module = module or distribution.replace("-", "_")
        path = self.folder / f"{module}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, encoding="utf-8")
        for name, text in (files or {}).items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        if metadata:
            text = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
            (info / "METADATA").write_text(text, encoding="utf-8")
        if entry_points is None:
            entry_points = f"[carbontui]\n{distribution} = {module}\n"
        raw = entry_points if isinstance(entry_points, bytes) else entry_points.encode()
        (info / "entry_points.txt").write_bytes(raw)
        (info / "RECORD").write_text(f"{path.name},,\n{info.name}/METADATA,,\n", encoding="utf-8")
        importlib.invalidate_caches()
        return path


# Python's path without the folder of the test run, in which others may write meanwhile.
INSTALLED = [p for p in sys.path if p and Path(p).resolve() != Path.cwd().resolve()]


@pytest.fixture(scope="module")
def shared_site(catalogue: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:  # noqa: ARG001
    """One folder of distributions for all tests of a module; what is installed there first is there for all.

    `catalogue` comes first, as it holds what is installed in earnest.
    """
    site = Site(tmp_path_factory.mktemp("shared") / "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(INSTALLED))
        patch.syspath_prepend(str(site.folder))
        yield site


@pytest.fixture
def install_plugin(empty_cache: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:  # noqa: ARG001
    """Makes a distribution that is found first on Python's path, for this test alone; its cache is empty."""
    site = Site(tmp_path / "site")
    monkeypatch.setattr(sys, "path", list(INSTALLED))
    monkeypatch.syspath_prepend(str(site.folder))
    return site.install


@pytest.fixture
def run_python(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a Python of its own in an empty folder; fails with its stderr unless it ends with `status`."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*arguments: str, status: int = 0, site: Path | None = None) -> subprocess.CompletedProcess[str]:
        env = dict(os.environ)
        env.pop("PYTHONPATH", None)
        if site is not None:
            env["PYTHONPATH"] = str(site)
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=elsewhere, env=env
        )
        assert done.returncode == status, done.stderr
        return done

    return run
