"""The writer of the registry by itself; what commands write with it is in test_writing.py."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest

from carbontui_registry.durable import write

if TYPE_CHECKING:
    from carbontui_registry.durable import Content


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_text_bytes_and_parts(tmp_path: Path) -> None:
    for given in ("dé", "dé".encode(), iter(["d", "é"]), lambda file: file.write("dé".encode())):
        write(str(tmp_path / "a"), given)
        assert content(tmp_path) == {"a": "dé"}


def interrupted(file: BinaryIO) -> None:
    file.write(b"half")
    raise KeyboardInterrupt


@pytest.mark.parametrize(("broken", "error"), [(interrupted, KeyboardInterrupt), (["half", "\udc80"], ValueError)])
@pytest.mark.parametrize("before", [{}, {"a": "old"}])
def test_a_failure_in_the_middle_changes_nothing(
    broken: Content, error: type[BaseException], before: dict[str, str], tmp_path: Path
) -> None:
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(error):
        write(str(tmp_path / "a"), broken)
    assert content(tmp_path) == before


def test_file_and_folder_reach_the_disk_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    happened = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        happened.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def replaced(old: str, new: str) -> None:
        happened.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write(str(tmp_path / "a"), "x")
    assert happened == ["file", "replace", "folder"]


def test_what_is_there_stays_unless_it_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("a", "link"):
        with pytest.raises(FileExistsError):
            write(str(tmp_path / name), "new", replace=False)
    assert (tmp_path / "a").read_text() == "old"


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o640)
    (tmp_path / "link").symlink_to("a")
    write(str(tmp_path / "link"), "new", private=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_private_files_and_their_folder_are_for_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a"
    with pytest.raises(FileNotFoundError):
        write(str(path), "x")
    write(str(path), "x", private=True)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path)] == [0o700, 0o600]
    with pytest.raises(NotADirectoryError):
        write(str(path / "b"), "x", private=True)
