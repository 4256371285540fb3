"""What every test shares: an environment of its own, the installed registry, and distributions that look installed."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

UNSET = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CARBONTUI_DEBUG")

# Hypothesis' own limit of 200 ms an example is a timed assert, which a busy machine fails.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_configure() -> None:
    found = importlib.metadata.entry_points(group="carbontui")
    if not any(entry_point.dist and entry_point.dist.name == "carbontui" for entry_point in found):
        raise pytest.UsageError(
            f"carbontui is not installed for {sys.executable}: without an install there are no plugins to test. "
            "Write: pip install -e '.[test]'"
        )


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache and configuration of nobody else, and no wishes about colour."""
    monkeypatch.setenv("CARBONTUI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("CARBONTUI_CONFIG", str(tmp_path / "config"))
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """All that is registered by what is installed."""
    from carbontui_registry.cache import open_catalogue

    folder = tmp_path_factory.mktemp("session")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARBONTUI_CACHE", str(folder / "cache"))
        patch.setenv("CARBONTUI_CONFIG", str(folder / "config"))
        return open_catalogue()


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
def install_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes a distribution that is found first on Python's path, for this test alone."""
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
