"""What botocore knows of the services, read once for all sessions: megabytes of JSON, and a look into 400 folders."""

from __future__ import annotations

import importlib
from typing import Any, Final

from sls_lab.replay.child.recorder import put

_READ: Final[dict[Any, Any]] = {}


def share_service_data() -> None:
    """Let all of botocore's loaders that look in the usual folders have one memory; each has one of its own otherwise.

    An application that names folders of its own (`AWS_DATA_PATH`) has what is in them for itself.
    """
    loader = importlib.import_module("botocore.loaders").Loader
    original = loader.__init__

    def made(self: Any, extra_search_paths: Any = None, *rest: Any, **given: Any) -> None:
        original(self, extra_search_paths, *rest, **given)
        if type(self) is loader and not (extra_search_paths or rest or given):
            self._cache = _READ

    put(loader, [("__init__", made)])
