"""The room over HTTP: learners post their standing, the instructor opens a page. It needs JupyterLab's tornado."""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable, Sequence
from typing import Any, Final

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler

from sls_lab.exercises import Lesson
from sls_lab.room.exports import as_csv, as_ctfd
from sls_lab.room.folder import Room
from sls_lab.room.message import MAX_BYTES, Refused
from sls_lab.room.page import SCRIPT, room_now, room_page

_COOKIE: Final = "sls-lab-room"


class _Post(RequestHandler):
    """A learner's message. Whoever knows the class word may send one; it is answered with nothing, or with why not."""

    def initialize(self, room: Room) -> None:
        self._room = room

    def post(self) -> None:
        try:
            self._room.receive(self.request.body)
        except Refused as refused:
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(str(refused))
        else:
            self.set_status(204)


class _View(RequestHandler):
    """A page for the instructor, who has the key: in the address once, in a cookie from then on."""

    def initialize(self, key: str, prefix: str, kind: str, show: Callable[[], str]) -> None:
        self._key = key
        self._prefix = prefix
        self._kind = kind
        self._show = show

    def get(self) -> None:
        given = self.get_argument("key", "")
        if given and hmac.compare_digest(given.encode(), self._key.encode()):
            self.set_cookie(_COOKIE, self._key, httponly=True, samesite="Strict", path=self._prefix)
            self.redirect(self.request.path)
            return
        if not hmac.compare_digest(self.get_cookie(_COOKIE, "").encode(), self._key.encode()):
            self.set_status(403)
            self.finish("This page is for the instructor: open the address that `sls-lab room` printed, with its key.")
            return
        self.set_header("Content-Type", f"{self._kind}; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(self._show())


def serve(
    room: Room,
    lessons: Sequence[Lesson],
    word: str,
    *,
    address: str,
    port: int,
    prefix: str,
    key: str,
    ready: Callable[[str], None],
) -> None:
    """Serve the room until interrupted; `ready` is told the address of the instructor's page.

    Port 0 takes one that is free. `prefix` begins and ends with a slash. `key` opens the page. Raises OSError where the
    port is taken.
    """
    views: dict[str, tuple[str, Callable[[], str]]] = {
        "": ("text/html", lambda: room_page(lessons, *room.standings())),
        "now": ("text/html", lambda: room_now(lessons, *room.standings())),
        "room.js": ("text/javascript", lambda: SCRIPT),
        "class.csv": ("text/csv", lambda: as_csv(lessons, room.standings()[0])),
        "ctfd.csv": ("text/csv", lambda: as_ctfd(lessons, word)),
    }
    routes: list[Any] = [(f"{prefix}standing", _Post, {"room": room})]
    routes += [
        (prefix + name, _View, {"key": key, "prefix": prefix, "kind": kind, "show": show})
        for name, (kind, show) in views.items()
    ]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.create_server((address, port), family=family)
    listening.setblocking(False)
    server = HTTPServer(Application(routes), max_body_size=MAX_BYTES, max_buffer_size=4 * MAX_BYTES)
    server.add_sockets([listening])
    host = f"[{address}]" if ":" in address else address
    ready(f"http://{host}:{listening.getsockname()[1]}{prefix}?key={key}")
    IOLoop.current().start()
