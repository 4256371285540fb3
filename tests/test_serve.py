"""`carbontui serve`: the page with the token works, everything else is refused, and nothing comes from elsewhere."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("textual_serve", reason="needs carbontui[serve]")
import aiohttp
from tui import app_of, rest
from yarl import URL

from carbontui.tui.widgets.world import WorldMap
from carbontui_registry.catalogue import Catalogue

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
)
STATIC = ("/focus.js", "/static/js/textual.js", "/static/css/xterm.css")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[tuple[URL, str]]:
    """The printed address, and all that was said until then."""
    command = [sys.executable, "-m", "carbontui", "serve", "--port", str(free_port()), *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert process.stderr is not None
        said = ""
        while (found := re.search(r"http://\S+", said)) is None:
            line = process.stderr.readline()
            assert line, said
            said += line
        url = URL(found.group())
        end = time.monotonic() + 30
        while not answers(url):
            assert time.monotonic() < end, "nothing answers there"
            time.sleep(0.01)
        yield url, said
    finally:
        process.terminate()
        process.wait()


def answers(url: URL) -> bool:
    try:
        socket.create_connection((url.host or "", url.port or 0), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def address() -> Iterator[URL]:
    with serving() as (url, _):
        yield url


@contextlib.asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    # Without a jar of cookies: each request carries what the test gives it.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def status(url: URL, **headers: str) -> int:
    async with client() as session, session.get(url, headers=headers) as response:
        return response.status


async def cookie_of(url: URL) -> str:
    async with client() as session, session.get(url) as response:
        assert response.status == 200
        return response.headers["Set-Cookie"]


async def test_only_the_printed_address_opens_the_page(address: URL) -> None:
    bare = address.with_query(None)
    cookie = (await cookie_of(address)).partition(";")[0]
    here = f"http://{address.authority}"
    assert len(address.query["token"]) >= 32
    assert await status(address) == 200
    assert await status(bare) == 403
    assert await status(bare.with_query(token="x" * 32)) == 403
    assert await status(bare, Cookie=cookie[:-1]) == 403
    assert await status(bare, Cookie=cookie) == 200
    assert await status(bare, Cookie=cookie, Origin=here) == 200
    for path in STATIC:
        assert await status(bare.with_path(path), Cookie=cookie) == 200
        assert await status(bare.with_path(path)) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost.evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
async def test_a_foreign_host_or_origin_is_refused_with_the_token_too(address: URL, headers: dict[str, str]) -> None:
    assert await status(address, **headers) == 403
    assert await socket_status(address, **headers) == 403


async def socket_status(url: URL, **headers: str) -> int:
    try:
        async with client() as session, session.ws_connect(url.with_path("/ws", keep_query=True), headers=headers):
            return 101
    except aiohttp.WSServerHandshakeError as error:
        return error.status


async def test_the_socket_needs_the_token(address: URL) -> None:
    cookie = (await cookie_of(address)).partition(";")[0]
    bare = address.with_query(None)
    assert await socket_status(bare) == 403
    assert await socket_status(bare, Origin=f"http://{address.authority}") == 403
    assert await socket_status(bare, Cookie=cookie, Origin="http://evil.example") == 403
    assert await socket_status(bare, Cookie=cookie, Origin=f"http://{address.authority}") == 101


async def test_the_page_loads_nothing_from_elsewhere(address: URL) -> None:
    async with client() as session, session.get(address) as response:
        page, headers = await response.text(), response.headers
    for found in re.findall(r"[a-z]+://[^\s\"'<>]+", page):
        assert URL(found).authority == address.authority
    policy = dict(part.split(None, 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert all(word in headers["Set-Cookie"] for word in ("HttpOnly", "SameSite=Strict"))
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_the_app_answers_on_the_socket(address: URL) -> None:
    cookie = (await cookie_of(address)).partition(";")[0]
    url = address.with_query(width="80", height="24").with_path("/ws", keep_query=True)
    async with client() as session, session.ws_connect(url, headers={"Cookie": cookie}) as app:
        text = await received(app, "552 t")
        assert "paper-2021" in text
        await app.send_json(["stdin", "m"])
        assert "net CO2e" in await received(app, "net CO2e")


async def received(app: aiohttp.ClientWebSocketResponse, word: str) -> str:
    text = ""
    end = time.monotonic() + 60
    while word not in text:
        message = await app.receive(timeout=end - time.monotonic())
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)
        text += message.data.decode(errors="replace") if isinstance(message.data, bytes) else message.data
    return text


def test_another_host_than_loopback_is_warned_of() -> None:
    with serving("--host", "0.0.0.0") as (_, said):
        assert "warning" in said
        assert "other machines" in said
    with serving() as (url, said):
        assert "warning" not in said
        assert url.host in ("127.0.0.1", "localhost")


class Page:
    """A page of a browser, through its DevTools protocol."""

    def __init__(self, connection: aiohttp.ClientWebSocketResponse) -> None:
        self.connection = connection
        self.number = 0
        self.requested: list[str] = []
        self.output = ""
        # Columns and rows of the terminal on the page.
        self.cells: tuple[int, int] | None = None

    async def send(self, method: str, **parameters: object) -> dict[str, Any]:
        self.number += 1
        number = self.number
        await self.connection.send_json({"id": number, "method": method, "params": parameters})
        while True:
            answer = await self.next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    async def next(self) -> dict[str, Any]:
        """The next message; what the page asks for and gets is kept."""
        message: dict[str, Any] = json.loads(await self.connection.receive_str(timeout=60))
        parameters = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requested.append(parameters["request"]["url"])
        elif message.get("method") == "Network.webSocketFrameReceived":
            data = parameters["response"]["payloadData"]
            binary = parameters["response"]["opcode"] == 2
            self.output += base64.b64decode(data).decode(errors="replace") if binary else data
        elif message.get("method") == "Network.webSocketFrameSent":
            sent = json.loads(parameters["response"]["payloadData"])
            if sent[0] == "resize":
                self.cells = sent[1]["width"], sent[1]["height"]
        return message

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self.next()

    async def picture(self) -> str:
        found: str = (await self.send("Page.captureScreenshot", format="png"))["data"]
        return found

    async def click(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            more = {"text": key} if kind == "keyDown" else {}
            await self.send("Input.dispatchKeyEvent", type=kind, key=key, code=f"Key{key.upper()}", **more)


@contextlib.asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Page]:
    process = subprocess.Popen(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        written = folder / "DevToolsActivePort"
        end = time.monotonic() + 60
        while not (written.exists() and written.read_text().count("\n")):
            assert process.poll() is None, "the browser does not start"
            assert time.monotonic() < end, "the browser does not start"
            await asyncio.sleep(0.05)
        port = written.read_text().split()[0]
        async with client() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
                pages = [one for one in await response.json() if one["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as connection:
                yield Page(connection)
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
async def test_the_comparison_is_on_the_page_and_a_key_changes_it(address: URL, tmp_path: Path) -> None:
    async with browser(tmp_path / "browser") as page:
        for domain in ("Page", "Network"):
            await page.send(f"{domain}.enable")
        blank = await page.picture()
        await page.send("Page.navigate", url=str(address))
        await page.until(lambda: "552 t" in page.output and "GPT-3" in page.output)
        before = await page.picture()
        assert before != blank
        presses = itertools.count()
        while "GPT-3 (2)" not in page.output:
            # The key has an effect once the page has the focus; more than one of them do no harm.
            await page.press("d")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(page.until(lambda: "GPT-3 (2)" in page.output), 5)
            assert page.output.count("GPT-3 (2)") or next(presses) < 20
        for _ in range(1000):
            if await page.picture() != before:
                break
        else:
            pytest.fail("the picture stays as it was")
        assert {URL(url).authority for url in page.requested if url.startswith("http")} == {address.authority}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
async def test_a_click_on_the_map_of_the_page_chooses_the_region(
    address: URL, tmp_path: Path, catalogue: Catalogue
) -> None:
    async with browser(tmp_path / "browser") as page:
        for domain in ("Page", "Network", "Runtime"):
            await page.send(f"{domain}.enable")
        await page.send("Page.navigate", url=str(address))
        await page.until(lambda: "552 t" in page.output and page.cells is not None)
        presses = itertools.count()
        while "regions: " not in page.output:
            # The key has an effect once the page has the focus.
            await page.press("3")
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(page.until(lambda: "regions: " in page.output), 5)
            assert next(presses) < 20
        assert page.cells is not None
        name, column, row = await another_region(catalogue, page.cells, page.output)
        size = "JSON.stringify(document.querySelector('.xterm-screen').getBoundingClientRect())"
        box = json.loads((await page.send("Runtime.evaluate", expression=size, returnByValue=True))["result"]["value"])
        x = box["x"] + (column + 0.5) * box["width"] / page.cells[0]
        y = box["y"] + (row + 0.5) * box["height"] / page.cells[1]
        await page.click(x, y)
        await page.until(lambda: name in page.output)


async def another_region(catalogue: Catalogue, size: tuple[int, int], seen: str) -> tuple[str, int, int]:
    """A region that was not seen by name, and the cell of the screen where the map has it in a window of a size."""
    app = app_of(catalogue)
    async with app.run_test(size=size) as pilot:
        await app.action_go("map")
        await rest(pilot)
        shown = app.screen.query_one(WorldMap)
        chart = shown.chart
        assert chart is not None
        found = next(
            spots[0] for spots in chart.places.values() if not any(one.region.record.name in seen for one in spots)
        )
        column, row = chart.cells[found.number]
        region = shown.content_region
        return found.region.record.name, region.x + column, region.y + row


# How it ends, and what a page may ask for


async def test_a_page_that_asks_for_a_huge_terminal_is_held_to_a_sane_one(address: URL) -> None:
    async with client() as session:
        url = address.with_path("/ws", keep_query=True).update_query(width="1000000", height="9" * 400)
        async with session.ws_connect(url) as page:
            await page.send_json(["resize", {"width": 10**6, "height": 10**6}])
            drawn = b""
            while b"\x1b[" not in drawn or len(drawn) < 2000:
                drawn += await page.receive_bytes(timeout=60)
            assert len(drawn) < 2_000_000
            # What is no message of ours ends the connection, and nothing else.
            await page.send_json({"not": "ours"})
            while (message := await page.receive(timeout=60)).type == aiohttp.WSMsgType.BINARY:
                pass
            assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert await status(address) == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_its_apps_end_with_it(number: signal.Signals) -> None:
    """The app of an open page holds one end of a pipe, which ends when the last process that has it has ended."""
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    command = [sys.executable, "-m", "carbontui", "serve", "--port", str(free_port())]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, pass_fds=(write_end,)
    )
    os.close(write_end)
    try:
        assert process.stderr is not None
        url = URL(next(line.strip() for line in iter(process.stderr.readline, "") if "http://" in line))
        async with client() as session, session.ws_connect(url.with_path("/ws", keep_query=True)) as page:
            await page.receive_bytes(timeout=60)
            process.send_signal(number)
            ended = await asyncio.to_thread(process.wait, 30)
            assert ended == {signal.SIGKILL: -9}.get(number, 0)
            assert await asyncio.to_thread(select.select, [read_end], [], [], 30) == ([read_end], [], [])
    finally:
        process.kill()
        process.wait()
        os.close(read_end)
