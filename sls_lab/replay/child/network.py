"""Requests to other hosts and mail: recorded and not sent; each is answered by an empty success."""

from __future__ import annotations

import email.message
import http.client
import importlib
import io
import json
import smtplib
import socket
import urllib.error
import urllib.request
from typing import Any, Final

from sls_lab.replay.child.recorder import Recorder, put

_BODY: Final = b"{}"
_REFUSED: Final = "a replay has no network"


class Network:
    """Takes the place of what opens connections."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.status = 200  #: with which every other host answers

    def install(self) -> None:
        """Put the recorder in the place of the standard library's clients, and of those that are installed."""
        put(urllib.request.OpenerDirector, [("open", self._opener())])
        put(http.client.HTTPConnection, [("connect", self._connecting()), *self._connection()])
        put(smtplib, [("SMTP", self._mailer()), ("SMTP_SSL", self._mailer())])
        put(socket, [("create_connection", self._refusing("socket.create_connection"))])
        put(socket, [("getaddrinfo", self._resolving), ("gethostbyname", self._resolving)])
        put(socket.socket, [(name, self._method(name)) for name in ("connect", "connect_ex", "bind", "sendto")])
        for name, change in (("urllib3", self._urllib3), ("httpx", self._httpx)):
            try:
                change(importlib.import_module(name))
            except ImportError:
                continue

    def told(self, name: str, url: str, body: Any = None) -> None:
        """One request that would be sent."""
        self._recorder.danger("url", name, url, body=body)

    def _opener(self) -> Any:
        def open(opener: Any, request: Any, data: Any = None, timeout: Any = None) -> Any:
            url = request if isinstance(request, str) else request.full_url
            sent = data if data is not None else getattr(request, "data", None)
            self.told("urllib.request.urlopen", url, sent if isinstance(sent, bytes | str) else None)
            headers = email.message.Message()
            headers["Content-Type"] = "application/json"
            if self.status >= 400:
                raise urllib.error.HTTPError(url, self.status, "as the request says", headers, io.BytesIO(_BODY))
            return urllib.request.addinfourl(io.BytesIO(_BODY), headers, url, self.status)  # type: ignore[attr-defined]

        return open

    def _connection(self) -> list[tuple[str, Any]]:
        def request(connection: Any, method: str, url: str, body: Any = None, headers: Any = None, **_: Any) -> None:
            scheme = "https" if isinstance(connection, http.client.HTTPSConnection) else "http"
            address = url if "://" in url else f"{_origin(scheme, connection.host, connection.port)}{url}"
            self.told("http.client.HTTPConnection.request", address, body if isinstance(body, bytes | str) else None)

        def getresponse(connection: Any) -> Any:
            answer = http.client.HTTPResponse(_Answered(self.status))  # type: ignore[arg-type]
            answer.begin()
            return answer

        return [("request", request), ("getresponse", getresponse)]

    def _connecting(self) -> Any:
        def connect(connection: Any) -> None:
            self.told("http.client.HTTPConnection.connect", f"//{connection.host}:{connection.port}")

        return connect

    def _mailer(self) -> type:
        network = self

        class Mailer:
            """Takes `smtplib.SMTP`'s place."""

            def __init__(self, host: str = "", port: int = 0, *_: Any, **__: Any) -> None:
                self.host, self.port = host, port

            def sendmail(self, sender: Any, recipients: Any, message: Any, *_: Any, **__: Any) -> dict[str, Any]:
                network._recorder.danger("mail", "smtplib.SMTP.sendmail", message, to=recipients)
                return {}

            def send_message(self, message: Any, *_: Any, **__: Any) -> dict[str, Any]:
                network._recorder.danger("mail", "smtplib.SMTP.send_message", str(message), to=message.get("To"))
                return {}

            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                return None

            def __getattr__(self, name: str) -> Any:
                return lambda *_, **__: (250, b"OK")

        return Mailer

    def _refusing(self, name: str) -> Any:
        def refuse(address: Any, *_: Any, **__: Any) -> Any:
            self._recorder.danger("socket", name, _address(address))
            raise ConnectionRefusedError(_REFUSED)

        return refuse

    def _resolving(self, host: Any, *rest: Any, **__: Any) -> Any:
        self._recorder.danger("socket", "socket.getaddrinfo", _address((host, *rest[:1])))
        raise socket.gaierror(socket.EAI_NONAME, _REFUSED)

    def _method(self, name: str) -> Any:
        def refuse(connection: Any, *given: Any) -> Any:
            self._recorder.danger("socket", f"socket.socket.{name}", _address(given[-1] if given else ""))
            raise ConnectionRefusedError(_REFUSED)

        return refuse

    def _urllib3(self, urllib3: Any) -> None:
        def urlopen(pool: Any, method: str, url: str, body: Any = None, headers: Any = None, **_: Any) -> Any:
            address = url if "://" in url else _origin(pool.scheme, pool.host, pool.port) + url
            self.told("urllib3.urlopen", address, body if isinstance(body, bytes | str) else None)
            return urllib3.HTTPResponse(
                body=io.BytesIO(_BODY),
                headers={"Content-Type": "application/json"},
                status=self.status,
                preload_content=False,
                request_method=method,
            )

        put(urllib3.connectionpool.HTTPConnectionPool, [("urlopen", urlopen)])

    def _httpx(self, httpx: Any) -> None:
        def handle(transport: Any, request: Any) -> Any:
            self.told("httpx", str(request.url))
            return httpx.Response(self.status, json=json.loads(_BODY), request=request)

        async def handle_later(transport: Any, request: Any) -> Any:
            return handle(transport, request)

        put(httpx.HTTPTransport, [("handle_request", handle)])
        put(httpx.AsyncHTTPTransport, [("handle_async_request", handle_later)])


class _Answered:
    """A socket from which one empty answer is read."""

    def __init__(self, status: int) -> None:
        self._status = status

    def makefile(self, *_: Any, **__: Any) -> io.BytesIO:
        """The answer."""
        head = b"HTTP/1.1 %d Answered\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        return io.BytesIO(head % (self._status, len(_BODY)) + _BODY)


def _origin(scheme: str, host: str, port: int | None) -> str:
    usual = {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{host}" if port in (None, usual) else f"{scheme}://{host}:{port}"


def _address(address: Any) -> str:
    if isinstance(address, tuple):
        return ":".join(str(part) for part in address[:2])
    return str(address)
