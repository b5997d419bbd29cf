"""The layers of a Serverless Framework template, as folders that Python imports from.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/layers and
https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from sls_lab.facts import Diagnostic
from sls_lab.template.serverless.generated_names import layer_logical_id
from sls_lab.template.serverless.service import ServerlessService, entries
from sls_lab.template.shared.application_files import inside, is_folder
from sls_lab.template.shared.node import Node


def find_layers(service: ServerlessService, function: Node) -> tuple[str, ...]:
    """The folders, relative to the application's, that the function's layers of this template put on Python's path.

    A layer from elsewhere (by ARN) is not seen.
    """
    used = function.get("layers")
    if used is None or used.value is None:
        used = service.get("provider", "layers")
    if used is None:
        return ()
    own = _declared(service)
    found: list[str] = []
    for reference in used.listed():
        target = reference.get("Ref")
        name = target.text if target is not None else reference.text
        layer = own.get(name or "")
        path = layer.get("path") if layer is not None else None
        if path is not None and path.text:
            found.extend(_folders(service, path.text))
    return tuple(dict.fromkeys(found))


def layer_folders(service: ServerlessService) -> tuple[str, ...]:
    """The folders that all layers of this template put on Python's path."""
    paths = [path.text for node in _declared(service).values() if (path := node.get("path")) is not None and path.text]
    return tuple(dict.fromkeys(folder for path in paths for folder in _folders(service, path)))


def _declared(service: ServerlessService) -> Mapping[str, Node]:
    return {layer_logical_id(name): node for name, node in entries(service.get("layers"), service.log, "layers")}


def _folders(service: ServerlessService, path: str) -> Iterator[str]:
    base = posixpath.normpath(posixpath.join(service.folder, path))
    for below in ("python", "."):
        name = posixpath.normpath(posixpath.join(base, below))
        folder = inside(service.root, name)
        if not isinstance(folder, Diagnostic) and is_folder(folder):
            yield name
            return
