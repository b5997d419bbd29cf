"""boto3's clients and resource classes: what identifies them, what they make, and how methods name their arguments.

Sources: the service data of botocore and boto3 (`data/boto_classes.json`), and
https://docs.aws.amazon.com/boto3/latest/guide/resources.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sls_lab.aws.tables import table

#: Methods of a collection that give a collection again, and those that act on all of its elements.
NARROWING = frozenset({"all", "filter", "limit", "page_size"})

#: Methods of a client that call nothing at AWS.
SILENT = frozenset({"get_paginator", "get_waiter", "can_paginate", "close"})

# Methods with positional parameters, which all other client methods refuse.
_POSITIONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "upload_file": ("Filename", "Bucket", "Key", "ExtraArgs", "Callback", "Config"),
        "download_file": ("Bucket", "Key", "Filename", "ExtraArgs", "Callback", "Config"),
        "upload_fileobj": ("Fileobj", "Bucket", "Key", "ExtraArgs", "Callback", "Config"),
        "download_fileobj": ("Bucket", "Key", "Fileobj", "ExtraArgs", "Callback", "Config"),
        "copy": ("CopySource", "Bucket", "Key", "ExtraArgs", "Callback", "SourceClient", "Config"),
        "generate_presigned_url": ("ClientMethod", "Params", "ExpiresIn", "HttpMethod"),
        "generate_presigned_post": ("Bucket", "Key", "Fields", "Conditions", "ExpiresIn"),
        "get_paginator": ("operation_name",),
        "get_waiter": ("waiter_name",),
        "can_paginate": ("operation_name",),
    }
)
# What a resource itself provides is not a parameter of its methods.
_BROUGHT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Bucket": frozenset({"Bucket"}),
        "Object": frozenset({"Bucket", "Key"}),
        "ObjectSummary": frozenset({"Bucket", "Key"}),
    }
)


def positional(receiver: str, api: str) -> tuple[str, ...]:
    """The names of a method's positional parameters: empty where it takes keywords alone."""
    names = _POSITIONAL.get(api, ())
    if receiver == "client":
        return names
    brought = _BROUGHT.get(receiver, frozenset())
    return tuple(name for name in names if name not in brought) if brought else ()


def identifiers(service: str, kind: str) -> tuple[tuple[str, str], ...]:
    """A resource class's identifiers in order, each as its attribute and the parameter that clients call it.

    Of a class that is not known it is one of its own name.
    """
    found = _class(service, kind).get("identifiers")
    return tuple((name, parameter) for name, parameter in found) if found else (("id", f"{kind}Id"),)


def made_class(service: str, owner: str, method: str) -> str:
    """The class of what a capitalised method of the class `owner` makes: mostly it is called like the method."""
    return str(_class(service, owner).get("makes", {}).get(method, method))


def collection_class(service: str, owner: str, name: str) -> str | None:
    """The class of the elements of a collection, None where the class `owner` has no such collection."""
    found: str | None = _class(service, owner).get("collections", {}).get(name)
    return found


def collection_name(parent: str, name: str) -> str:
    """What a collection is called as a receiver: `BucketObjectsCollection`."""
    return f"{parent}{''.join(word.capitalize() for word in name.split('_'))}Collection"


def _class(service: str, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table("boto_classes.json").get(service, {}).get("classes", {}).get(name, {})
    return found
