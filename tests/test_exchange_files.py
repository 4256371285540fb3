"""Files as they are written: permissions, links, places that cannot be written, standard input."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from carbontui.engine.comparison import Question
from carbontui.errors import FileError
from carbontui.formats.files import read, write


@pytest.fixture
def umask() -> Any:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_writing_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    write(str(target), "one")
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    target.chmod(0o640)
    link.symlink_to(target)
    write(str(link), "two", force=True)
    assert link.is_symlink()
    assert (target.read_text(), stat.S_IMODE(target.stat().st_mode)) == ("two", 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "target.json"]


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    target, dangling = tmp_path / "a", tmp_path / "b"
    target.write_text("old")
    dangling.symlink_to(tmp_path / "nowhere")
    for path in (target, dangling, tmp_path):
        with pytest.raises(FileError, match="already exists"):
            write(str(path), "new")
    assert target.read_text() == "old"


@pytest.mark.parametrize("where", ["missing/a", "file/a", "\0"])
def test_places_that_cannot_be_written(where: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError):
        write(str(tmp_path / where), "x")
    with pytest.raises(FileError):
        read(str(tmp_path / where))
    with pytest.raises(FileError):
        write(str(tmp_path), "x", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileError, match="cannot be written"):
        write(str(tmp_path / "a"), "x")
    assert list(tmp_path.iterdir()) == []


def test_standard_input_and_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfcarbontui = 1\n")))
    assert read("-")[0] == Question()
