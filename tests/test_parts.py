"""Parts in a database: whatever is damaged, none is handed out as another."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from carbontui_registry.parts import Damaged, part, put


def test_a_damaged_database_is_damaged_whatever_sqlite_makes_of_it(tmp_path: Path) -> None:
    """Every byte of what says where all else is, and a bit of it at a time; none of it is another part."""
    made = sqlite3.connect(":memory:")
    put(made, [("key", ["value"]), ("large", b"x" * 9000)])
    whole, path, seen = made.serialize(), tmp_path / "parts.sqlite", 0
    used = [n for n in range(len(whole)) if whole[n : n + 1] != b"\0"]
    for n in [*[n for n in used if n < 4096], *used[::97]]:
        for bit in range(8):
            path.write_bytes(whole[:n] + bytes([whole[n] ^ 1 << bit]) + whole[n + 1 :])
            connection = sqlite3.connect(f"file://{path}?mode=ro&immutable=1", uri=True)
            try:
                assert part(connection, "key") == ["value"]
            except Damaged:
                seen += 1
            finally:
                connection.close()
    assert seen > 500
