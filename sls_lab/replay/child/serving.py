"""The child's loop: deploy, run a handler, make a call of AWS; each message of the kit is answered by `done`."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from sls_lab.replay.child.asking import Asking
from sls_lab.replay.child.chance import Chance
from sls_lab.replay.child.channel import Channel
from sls_lab.replay.child.confinement import confine
from sls_lab.replay.child.databases import Databases
from sls_lab.replay.child.evaluation import Evaluation
from sls_lab.replay.child.files import Files, readable_roots
from sls_lab.replay.child.guard import refuse_the_rest
from sls_lab.replay.child.handlers import Handlers
from sls_lab.replay.child.limits import Alarm, limit_resources
from sls_lab.replay.child.network import Network
from sls_lab.replay.child.places import Places
from sls_lab.replay.child.processes import Programs
from sls_lab.replay.child.recorder import Recorder
from sls_lab.replay.child.services import Services
from sls_lab.replay.child.stores import make_stores
from sls_lab.replay.child.templates import Templates
from sls_lab.replay.child.watching import Watcher


def serve(folder: str, source: int, target: int) -> None:
    """Answer messages until the connection is closed. `folder` is the throw-away folder, a real path."""
    channel = Channel(source, target)
    server = _Server(channel, folder)
    settings = channel.receive()
    if settings is None:
        return
    limit_resources(settings["memory"], settings["file"])
    confine(folder, readable_roots())
    server.run()


class _Server:
    def __init__(self, channel: Channel, folder: str) -> None:
        self._channel = channel
        task = os.path.join(folder, "task")
        sys.dont_write_bytecode = True
        recorder = Recorder(channel, Places(task))
        files = Files(recorder, folder, readable_roots())
        tempfile.tempdir = "/tmp"  # as handlers see it; `files` leads it to the throw-away folder
        for name in ("ctypes", "multiprocessing", "concurrent.futures"):
            importlib.import_module(name)
        Programs(recorder).install()
        self._network = Network(recorder)
        Databases(recorder, self._network).install()
        self._network.install()
        Templates(recorder).install()
        files.install()
        Evaluation(recorder).install()
        # After the patches: libraries keep functions of their own that they take from modules when they are imported.
        self._chance = Chance(recorder)
        self._chance.install()
        self._asking = Asking(recorder)
        self._asking.install()
        self._services = Services(recorder, self._asking, self._ask)
        self._services.install()
        refuse_the_rest(recorder, files)
        self._watcher = Watcher(recorder)
        self._handlers = Handlers(recorder, self._services, task, self._watcher, self._asking)
        self._alarm = Alarm(channel)
        self._region = "us-east-1"

    def run(self) -> None:
        """Answer one message after the other."""
        self._channel.send({"is": "ready"})
        while (message := self._channel.receive()) is not None:
            self._channel.send({"is": "done", **self._answer(message)})

    def _answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        match message["do"]:
            case "deploy":
                self._region = message["region"]
                self._services.reset()
                self._chance.begin()
                self._handlers.reset(message["functions"])
                return {"made": make_stores(self._services, message["stores"], self._region)}
            case "functions":
                self._handlers.reset(message["functions"])
                return {}
            case "run":
                return self._run(message)
            case "watch":
                self._watcher.ask(message["lines"], message["texts"])
                self._asking.on = message["asking"]
                return {}
            case "network":
                self._network.status = message["status"]
                return {}
            case "own":
                return self._own(message)
        return {}

    def _run(self, message: Mapping[str, Any]) -> dict[str, Any]:
        outermost = not self._alarm.armed
        if outermost:
            self._alarm.start(message["seconds"])
        try:
            return self._handlers.run(message["function"], message["event"], message["seconds"])
        finally:
            if outermost:
                self._alarm.stop()

    def _own(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A call from outside the application."""
        service, api, arguments = message["service"], message["api"], message["arguments"]
        try:
            response = self._services.own(service, self._region, api, arguments)
        except Exception as error:  # botocore makes classes of exceptions as it goes; any of them is reported
            return {"outcome": "failed", "error": str(error)}
        operation = "".join(part.capitalize() for part in api.split("_"))
        return {
            "outcome": "done",
            **self._services._effects(service, self._region, operation, arguments, response),
        }

    def _ask(self, question: Mapping[str, Any]) -> Any:
        """Send a question; run the handlers that the kit wants run before it answers."""
        before, self._channel.interruptible = self._channel.interruptible, False
        self._channel.send(question)
        while (message := self._channel.receive()) is not None:
            if message["do"] == "answer":
                self._channel.interruptible = before
                return message["answer"]
            self._channel.send({"is": "done", **self._answer(message)})
        os._exit(0)
