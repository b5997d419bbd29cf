"""Load a handler as Lambda does, call it, and report how it ended.

https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import functools
import importlib
import inspect
import io
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final

from sls_lab.replay.child.asking import Asking
from sls_lab.replay.child.endings import OutOfTime, ProcessEnded
from sls_lab.replay.child.recorder import Recorder
from sls_lab.replay.child.services import Services
from sls_lab.replay.child.watching import Watcher
from sls_lab.replay.exchange import text_of_error

_loads: Final = json.loads  #: the function of the library, whatever takes its place for a handler
_KEPT_OUTPUT: Final = 20_000  #: bytes of what a handler prints
#: Installed modules that no module of an application takes the place of.
_KEPT: Final = frozenset({"boto3", "botocore", "moto", "s3transfer", "sls_lab"})


class Missing(Exception):
    """A module that the application imports is not installed here."""


class Output(io.RawIOBase):
    """What handlers print. A logger keeps the stream that it was given, so what all streams write goes to one `target`,
    that of the run at that time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.target = io.BytesIO()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Keep what is printed."""
        return self.target.write(data)

    def close(self) -> None:
        """Nothing: whoever closes a stream closes that one alone."""

    def stream(self) -> io.TextIOWrapper:
        """What takes the place of `sys.stdout`."""
        return io.TextIOWrapper(self, "utf-8", "backslashreplace", write_through=True)  # type: ignore[arg-type]


class Context:
    """The context object. https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    client_context = None
    identity = None
    function_version = "$LATEST"

    def __init__(self, function: Mapping[str, Any], number: int, seconds: float) -> None:
        self.function_name = function["deployed"]
        self.invoked_function_arn = function["arn"]
        self.memory_limit_in_mb = str(function["memory"])
        self.aws_request_id = f"00000000-0000-4000-8000-{number:012d}"
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "2024/01/01/[$LATEST]00000000000000000000000000000000"
        self._ends = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """What is left of the time for the whole request."""
        return max(0, int((self._ends - time.monotonic()) * 1000))


@dataclass
class Handlers:
    """The application's functions, each with modules and environment of its own, as in a container of its own."""

    recorder: Recorder
    services: Services
    task: str
    watcher: Watcher
    asking: Asking
    functions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _loaded: dict[str, tuple[Callable[..., Any], dict[str, ModuleType]]] = field(default_factory=dict)
    _path: list[str] = field(default_factory=lambda: list(sys.path))
    _runs: int = 0
    _output: Output = field(default_factory=Output)
    _libraries: dict[str, ModuleType] = field(default_factory=dict)  #: known not to be the application's
    _loggers: frozenset[str] = field(default_factory=lambda: frozenset(logging.root.manager.loggerDict))

    def reset(self, functions: Mapping[str, Mapping[str, Any]]) -> None:
        """Forget every module of the application: the next call of each handler is a cold start."""
        self._put_away()
        self._loaded.clear()
        logging.root.handlers.clear()
        logging.root.setLevel(logging.WARNING)
        for name in logging.root.manager.loggerDict.keys() - self._loggers:
            del logging.root.manager.loggerDict[name]
        self.functions = functions
        self._runs = 0

    def run(self, name: str, event: Any, seconds: float) -> dict[str, Any]:
        """Call a handler; says how it ended and what it wrote. Handlers may be called within one another."""
        function = self.functions[name]
        self._runs += 1
        context = Context(function, self._runs, seconds)
        outside = (dict(os.environ), list(sys.path), os.getcwd(), sys.stdout, sys.stderr, self._put_away())
        active, self.recorder.active = self.recorder.active, False
        shadowed: dict[str, ModuleType] = {}
        before, self._output.target = self._output.target, io.BytesIO()
        threads = set(threading.enumerate())
        try:
            os.environ.clear()
            os.environ.update(function["environment"])
            os.chdir(self.task)
            roots = [os.path.join(self.task, root) for root in function["roots"]]
            sys.path[:] = [*roots, *self._path]
            shadowed = _taken_out(own_modules(roots))
            sys.stdout = sys.stderr = self._output.stream()
            self.recorder.active, self.recorder.told = True, 0
            self.asking.begin()
            ended = self._called(name, function, event, context)
            self._tell_threads(threads)
        finally:
            self.recorder.channel.interruptible = self.recorder.active = False
            lines = self.asking.end()
            if name in self._loaded:
                self._loaded[name] = (self._loaded[name][0], self._put_away())
            else:
                self._put_away()
            environment, path, folder, sys.stdout, sys.stderr, modules = outside
            os.environ.clear()
            os.environ.update(environment)
            sys.path[:] = path
            os.chdir(folder)
            sys.modules.update(shadowed)
            sys.modules.update(modules)
            self.recorder.active = active
            written, self._output.target = self._output.target.getvalue(), before
        return {**ended, "output": written[:_KEPT_OUTPUT].decode("utf-8", "backslashreplace"), "lines": lines}

    def _called(self, name: str, function: Mapping[str, Any], event: Any, context: Context) -> dict[str, Any]:
        try:
            result = self._interruptible(name, function, self.asking.event(_loads(json.dumps(event))), context)
            if not self.services.intact():
                self.recorder.note("boto3-replaced", "the handler replaces boto3: it is put back for the next one")
            return {"ended": "returned", "result": self._marshalled(result)}
        except Missing as error:
            return {"ended": "missing", "error": str(error)}
        except OutOfTime:
            return {**self._place(), "ended": "timed-out", "error": "the time for this request is over"}
        except ProcessEnded as ending:
            return {**self._place(), "ended": "exited", "error": f"the handler ends its process by {ending.how}"}
        except SystemExit as ending:
            return {**self._place(), "ended": "exited", "error": f"the handler exits with {ending.code!r}"}
        except MemoryError:
            return {**self._place(), "ended": "out-of-memory", "error": "the handler takes more memory than there is"}
        except BaseException as error:  # whatever the application's code raises is reported and ends its handler alone
            return {**self._place(), "ended": "raised", "error": self._words(error), "type": type(error).__name__}

    def _interruptible(self, name: str, function: Mapping[str, Any], event: Any, context: Context) -> Any:
        channel = self.recorder.channel
        before = sys.gettrace()
        try:
            channel.interruptible = True
            handler = self._handler(name, function)
            self.watcher.start()
            self.asking.trace()
            return handler(event, context)
        finally:
            channel.interruptible = False
            sys.settrace(before)
            sys.setprofile(None)
            threading.settrace(None)
            threading.setprofile(None)

    def _tell_threads(self, before: set[threading.Thread]) -> None:
        """Lambda freezes what still runs after the answer; here it goes on, within its limits, until the next request.

        https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
        """
        left = [thread for thread in threading.enumerate() if thread not in before]
        if left:
            message = f"the handler leaves {len(left)} thread{'s' * (len(left) > 1)} that Lambda would freeze"
            self.recorder.note("threads-left", message)

    def _place(self) -> dict[str, Any]:
        return {"place": self.recorder.places.of_traceback(sys.exc_info()[2])}

    def _handler(self, name: str, function: Mapping[str, Any]) -> Callable[..., Any]:
        if name in self._loaded:
            known, modules = self._loaded[name]
            sys.modules.update(modules)
            return known
        importlib.invalidate_caches()
        module, _, attribute = function["handler"].rpartition(".")
        try:
            found: Any = importlib.import_module(module.replace("/", "."))
        except ModuleNotFoundError as error:
            raise Missing(error.name or str(error)) from error
        for part in attribute.split("."):
            found = getattr(found, part)
        handler: Callable[..., Any] = self._adapted(found) if function["wsgi"] else found
        self._loaded[name] = (handler, {})
        return handler

    def _adapted(self, application: Any) -> Callable[..., Any]:
        """The handler that serverless-wsgi packages for an application. https://github.com/logandk/serverless-wsgi"""
        try:
            adapter = importlib.import_module("serverless_wsgi")
        except ModuleNotFoundError as error:
            raise Missing("serverless_wsgi") from error
        return functools.partial(adapter.handle_request, application)

    def _words(self, error: BaseException) -> str:
        """What an error says, with paths as the application knows them."""
        text = text_of_error(error)
        for real, shown in ((self.task, "/var/task"), (os.path.join(os.path.dirname(self.task), "tmp"), "/tmp")):
            text = text.replace(real, shown)
        return f"{type(error).__name__}: {text}" if text else type(error).__name__

    def _put_away(self) -> dict[str, ModuleType]:
        """Take the application's modules out of the table; another function has others of the same names."""
        prefix = self.task + os.sep
        found = {}
        for name, module in list(sys.modules.items()):
            if self._libraries.get(name) is module:
                continue
            places = [getattr(module, "__file__", None) or "", *_namespace(module)]
            if any(place.startswith(prefix) or place == self.task for place in places):
                found[name] = sys.modules.pop(name)
            else:
                self._libraries[name] = module
        return found

    def _marshalled(self, result: Any) -> Any:
        """The result as Lambda sends it. Raises TypeError with Lambda's words where JSON cannot say it."""
        if inspect.iscoroutine(result):
            result.close()
        try:
            return _loads(json.dumps(result))
        except (TypeError, ValueError, RecursionError) as error:
            raise TypeError(f"Unable to marshal response: {error}") from error


def own_modules(roots: Iterable[str]) -> set[str]:
    """The modules and packages at the top of an application's folders, as far as they come before installed ones.

    Lambda's runtime has loaded Python's own before, and boto3 is what the replay watches.
    """
    found: set[str] = set()
    for root in roots:
        with suppress(OSError), os.scandir(root) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    found.add(entry.name.removesuffix(".py"))
                elif os.path.isfile(os.path.join(entry.path, "__init__.py")):
                    found.add(entry.name)
    return found - sys.stdlib_module_names - _KEPT


def _taken_out(names: Collection[str]) -> dict[str, ModuleType]:
    """Take modules of these names out of the table, with all that is in them."""
    found = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in found}


def _namespace(module: ModuleType) -> list[str]:
    """The folders of a package without an `__init__.py`."""
    if getattr(module, "__file__", None):
        return []
    try:
        return [str(path) for path in getattr(module, "__path__", ())]
    except (TypeError, KeyError):
        return []
