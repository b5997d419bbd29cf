"""Handlers that a plugin of the Serverless Framework writes into the package, and what they call."""

from __future__ import annotations

import posixpath
from typing import Final

from sls_lab.template.serverless.service import ServerlessService

#: The files that serverless-wsgi packages (https://github.com/logandk/serverless-wsgi#readme).
WSGI_HANDLERS: Final = frozenset({"wsgi_handler.handler", "wsgi.handler"})


def plugin_handler(service: ServerlessService, handler: str) -> str | None:
    """The name in the application that the plugin's `handler` passes its requests to, None if it is not a plugin's.

    serverless-wsgi's handler imports what `custom.wsgi.app` names, in the form of a handler: `api/app.app`.
    """
    plugins = service.get("plugins")
    used = plugins.get("modules") or plugins if plugins is not None else None
    if used is None or all(plugin.text != "serverless-wsgi" for plugin in used.listed()):
        return None
    app = service.get("custom", "wsgi", "app")
    if posixpath.normpath(handler) not in WSGI_HANDLERS or app is None:
        return None
    return app.text
