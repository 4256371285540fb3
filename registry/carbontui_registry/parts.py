"""Parts in a database, each read by its key and told from what has changed in between.

SQLite finds damage where it stumbles; a figure, or a name that leads elsewhere, it would hand out. So each part bears a
checksum, whoever asks for a part knows that it is there, and only the pages of what is asked for are read.
"""

from __future__ import annotations

import json
import sqlite3
from zlib import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


class Damaged(Exception):
    """A part is not what was put there."""


def put(connection: sqlite3.Connection, parts: Iterable[tuple[str, Any]]) -> None:
    """Put parts under their keys: bytes as they are, all else as JSON."""
    connection.execute("CREATE TABLE IF NOT EXISTS part (key TEXT PRIMARY KEY, sum INTEGER, body BLOB) WITHOUT ROWID")
    bodies = ((key, what if isinstance(what, bytes) else json.dumps(what).encode()) for key, what in parts)
    rows = ((key, crc32(body, crc32(key.encode())), body) for key, body in bodies)
    connection.executemany("INSERT INTO part VALUES (?,?,?)", rows)
    connection.commit()


def bodies(connection: sqlite3.Connection, keys: Sequence[str]) -> list[bytes]:
    """The parts of these keys, which follow each other with none between them. Raises `Damaged`."""
    if not keys:
        return []
    try:
        rows = connection.execute(
            "SELECT key, sum, body FROM part WHERE key BETWEEN ? AND ? ORDER BY key", (keys[0], keys[-1])
        ).fetchall()
    except Exception as error:  # of whatever class: damaged SQL in the file is an error of its letters too
        raise Damaged from error
    if [row[0] for row in rows] != list(keys):
        raise Damaged
    for key, sum_, body in rows:
        if not isinstance(body, bytes) or crc32(body, crc32(key.encode())) != sum_:
            raise Damaged
    return [row[2] for row in rows]


def body_of(connection: sqlite3.Connection, key: str) -> bytes | None:
    """The part of this key; None where there is none. Raises `Damaged`."""
    try:
        row = connection.execute("SELECT sum, body FROM part WHERE key = ?", (key,)).fetchone()
    except Exception as error:
        raise Damaged from error
    if row is None:
        return None
    sum_, body = row
    if not isinstance(body, bytes) or crc32(body, crc32(key.encode())) != sum_:
        raise Damaged
    return body


def part(connection: sqlite3.Connection, key: str) -> Any:
    """The part of this key, which was put as JSON. Raises `Damaged`."""
    body = bodies(connection, [key])[0]
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Damaged from error
