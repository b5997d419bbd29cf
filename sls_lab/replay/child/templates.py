"""Templates and archives: recorded and carried out; what they do beyond that, the other recorders record."""

from __future__ import annotations

import importlib
from typing import Any

from sls_lab.replay.child.recorder import Recorder, put


class Templates:
    """Replaces what makes templates out of strings and what unpacks archives."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def install(self) -> None:
        """Put the recorder before Jinja's and the archives' functions, where they are installed."""
        try:
            jinja = importlib.import_module("jinja2")
        except ImportError:
            jinja = None
        if jinja is not None:
            put(jinja.Environment, [("from_string", self._from_string(jinja.Environment.from_string))])
            made = jinja.Template.__new__
            put(jinja.Template, [("__new__", self._new(made))])
        for name, kind in (("tarfile", "TarFile"), ("zipfile", "ZipFile")):
            archive = getattr(importlib.import_module(name), kind)
            for method in ("extractall", "extract"):
                put(archive, [(method, self._extracting(f"{name}.{method}", getattr(archive, method)))])

    def _from_string(self, original: Any) -> Any:
        def from_string(environment: Any, source: Any, *rest: Any, **given: Any) -> Any:
            if self._recorder.watching():
                self._recorder.danger("template", "jinja2.Environment.from_string", str(source))
            return original(environment, source, *rest, **given)

        return from_string

    def _new(self, original: Any) -> Any:
        def new(cls: Any, source: Any, *rest: Any, **given: Any) -> Any:
            if self._recorder.watching():
                self._recorder.danger("template", "jinja2.Template", str(source))
            return original(cls, source, *rest, **given)

        return new

    def _extracting(self, name: str, original: Any) -> Any:
        def extract(archive: Any, *rest: Any, **given: Any) -> Any:
            if self._recorder.watching():
                names = archive.getnames() if hasattr(archive, "getnames") else archive.namelist()
                self._recorder.danger("archive", name, list(names))
            return original(archive, *rest, **given)

        return extract
