"""What serve takes: sizes that a terminal can have, and ports that are free."""

from __future__ import annotations

import socket

import pytest

pytest.importorskip("textual_serve", reason="needs carbontui[serve]")

from carbontui import cli


@pytest.mark.parametrize("size", [(10**9, 10**9), (0, -5), (float("nan"), None), ("80", []), (True, 1e308)])
def test_any_size_is_one_that_a_terminal_can_have(size: tuple[object, object]) -> None:
    from carbontui.tui.serve import LARGEST, SMALLEST, held

    assert all(least <= one <= most for one, least, most in zip(held(*size), SMALLEST, LARGEST, strict=True))


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999"])
def test_a_port_that_is_none_is_wrong_use(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--port", port]) == 2
    assert f"--port: {port} is not a port; write one from 1 to 65535" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_before_any_address(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert cli.main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    said = capsys.readouterr().err
    assert "cannot listen on" in said
    assert "http://" not in said
