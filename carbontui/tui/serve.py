"""The app in a web browser, through textual-serve, on this machine only unless told otherwise.

Any web page can open a socket to the loopback address, so the printed address carries a random token, and a request
with a foreign Host or Origin is refused. The page loads nothing from elsewhere.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import re
import secrets
import shlex
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web
from textual_serve.app_service import AppService
from textual_serve.server import Server

_HOST = re.compile(r"[A-Za-z0-9._\-\[\]:]{1,260}")
# In an app's environment: the id of the process that serves it.
SERVED_BY = "CARBONTUI_SERVED_BY"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>carbontui</title>
<link rel="stylesheet" href="/static/css/xterm.css">
<script src="/static/js/textual.js"></script>
<script src="/focus.js"></script>
<style>
@font-face {{ font-family: "Roboto Mono"; src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); }}
html, body {{ margin: 0; height: 100%; background: #0f1419; color: #dfe6ec; font-family: "Roboto Mono", monospace; }}
.textual-terminal {{ width: 100vw; height: 100vh; }}
.closed {{ display: none; padding: 2em; }}
body.-closed .closed {{ display: block; }}
body.-closed .textual-terminal {{ display: none; }}
</style>
</head>
<body>
<div class="closed">The session has ended; your work is kept. Reload the page to continue.</div>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{socket}" data-font-size="{size}"></div>
</body>
</html>
"""

# A key pressed in the page goes to the app without a click first.
_FOCUS = """window.addEventListener("load", () => {
  const timer = setInterval(() => {
    const input = document.querySelector(".xterm-helper-textarea");
    if (input) { input.focus(); clearInterval(timer); }
  }, 50);
});
"""

# Columns and rows of the smallest and of the largest terminal that an app is given, whatever a page asks for.
SMALLEST, LARGEST = (20, 5), (500, 200)
# Seconds that apps have to leave in when the server ends; they keep their work as it changes.
LEAVING = 1.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def held(width: object, height: object) -> tuple[int, int]:
    """A size of a terminal as it is given to an app."""
    pairs = zip((width, height), SMALLEST, LARGEST, (80, 24), strict=True)
    return tuple(  # type: ignore[return-value]
        min(max(int(size), least), most) if isinstance(size, int | float) and size == size else usual
        for size, least, most, usual in pairs
    )


class _App(AppService):
    """The app's process of one page."""

    async def start(self, width: int, height: int) -> None:
        """Start it at a size that a terminal can have."""
        await super().start(*held(width, height))

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell it of a new size that a terminal can have."""
        await super().set_terminal_size(*held(width, height))

    def end(self, number: signal.Signals) -> None:
        """End it, if it is still there."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)


class CarbonServer(Server):
    """One app process for each page that holds the token."""

    def __init__(self, host: str, port: int, arguments: Sequence[str]) -> None:
        # In the place of the shell that starts it, so that it sees when this process is gone.
        command = f"exec {shlex.join([sys.executable, '-m', 'carbontui', 'open', *arguments])}"
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        super().__init__(command, host=host, port=port, title="carbontui", public_url=address)
        self.token = secrets.token_urlsafe(24)
        self.cookie = f"carbontui-{port}"
        self._pages: dict[web.WebSocketResponse, _App] = {}

    @property
    def address(self) -> str:
        """What to open, with the token."""
        return f"{self.public_url}/?token={self.token}"

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guard(request, handler)

        async def focus(_request: web.Request) -> web.Response:
            return web.Response(text=_FOCUS, content_type="text/javascript")

        app.middlewares.append(guard)
        app.router.add_get("/focus.js", focus)
        return app

    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what does not come from the page that was opened with the printed address."""
        if not self._from_here(request.host):
            raise web.HTTPForbidden(text="this Host header is not accepted")
        origin = request.headers.get("Origin")
        if origin is not None and not (urlsplit(origin).netloc == request.host and self._from_here(request.host)):
            raise web.HTTPForbidden(text="this Origin header is not accepted")
        given = request.query.get("token") or request.cookies.get(self.cookie) or ""
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise web.HTTPForbidden(text="open the address that carbontui serve printed; it carries a token")
        return await handler(request)

    def _from_here(self, host: str) -> bool:
        if not _HOST.fullmatch(host):
            return False  # it goes into the page
        name = urlsplit(f"//{host}").hostname
        return name in LOOPBACK or name == self.host or self.host in ("0.0.0.0", "::")

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page."""
        size = request.query.get("fontsize", "16")
        socket = f"ws://{request.host}/ws"
        text = _PAGE.format(socket=socket, size=size if size.isdecimal() else "16")
        response = web.Response(text=text, content_type="text/html")
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="Strict")
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            f"connect-src 'self' {socket}; frame-ancestors 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def initialize_logging(self) -> None:
        """Nothing is logged: the token would stand in it."""

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is said before the port is bound."""

    def say(self, _running: str) -> None:
        """Say where the app is."""
        print(f"carbontui is served at\n  {self.address}\nCtrl+C ends it.", file=sys.stderr, flush=True)

    def serve(self, debug: bool = False) -> None:  # noqa: ARG002
        """Serve until Ctrl+C. Raises `OSError` where the port cannot be used."""
        os.environ[SERVED_BY] = str(os.getpid())
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.request_exit)
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            print=self.say,
            handle_signals=False,
            loop=loop,
            shutdown_timeout=LEAVING,
        )

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002
        """End the apps of all pages, and the pages' connections, without waiting for either."""
        pages = list(self._pages.items())
        for _, one in pages:
            one.end(signal.SIGTERM)
        closing = [asyncio.ensure_future(page.close(code=WSCloseCode.GOING_AWAY)) for page, _ in pages]
        if closing:
            await asyncio.wait(closing, timeout=LEAVING)
        for _, one in pages:
            one.end(signal.SIGKILL)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The connection of a page, with an app of its own."""
        page = web.WebSocketResponse(heartbeat=15, timeout=LEAVING)
        await page.prepare(request)
        app = _App(
            self.command,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=page.close,  # type: ignore[arg-type]
            download_manager=self.download_manager,
        )
        self._pages[page] = app
        try:
            size = (request.query.get(key, "") for key in ("width", "height"))
            await app.start(*(int(text) if text.isdecimal() and len(text) < 10 else 0 for text in size))
            await self._process_messages(page, app)
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError, IndexError):
            # A page that is not ours: it is not listened to any more.
            await page.close(code=WSCloseCode.UNSUPPORTED_DATA)
        finally:
            await app.stop()
            del self._pages[page]
        return page


def serve(host: str, port: int, arguments: Sequence[str]) -> None:
    """Serve the app until Ctrl+C; `arguments` are those of `carbontui open`.

    Raises `OSError` where the port cannot be used.
    """
    if host not in LOOPBACK:
        print(
            f"carbontui: warning: {host} can be reached from other machines, and the connection is not encrypted;"
            " whoever has the address with its token can use the app as you",
            file=sys.stderr,
        )
    CarbonServer(host, port, arguments).serve()
