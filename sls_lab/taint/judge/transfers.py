"""What a call of S3's `upload_file` or `download_file` is given: the local path, and the key of the object.

https://boto3.amazonaws.com/v1/documentation/api/latest/guide/s3-uploading-files.html: a client's methods have the
bucket, the key and the path, those of a `Bucket` the key and the path, those of an `Object` the path alone.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.reading import Leaf, Reading

#: The parameters, by the method and the class of boto3 that it is called on.
_PARAMETERS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "upload_file": {"client": ("Filename", "Bucket", "Key"), "Bucket": ("Filename", "Key"), "Object": ("Filename",)},
    "download_file": {"client": ("Bucket", "Key", "Filename"), "Bucket": ("Key", "Filename"), "Object": ("Filename",)},
}
_BY_NUMBER: Final = {1: "Object", 2: "Bucket"}


@dataclass(frozen=True, slots=True)
class Transfer:
    """One call; `path` and `key` are None where they cannot be seen."""

    downloads: bool
    path: Leaf | None
    key: Leaf | None


def transfer_of(call: ast.Call, reading: Reading) -> Transfer | None:
    """What a call transfers, None for any other call."""
    name = reading.called(call.func)
    if name is None or name not in _PARAMETERS or not isinstance(call.func, ast.Attribute):
        return None
    receiver = reading.resolved(reading.leaf(call.func.value))
    kind = _kind(receiver.node) or _BY_NUMBER.get(_given(call), "client")
    places = {parameter: place for place, parameter in enumerate(_PARAMETERS[name][kind])}
    path = argument(call, places["Filename"], "Filename")
    key = argument(call, places.get("Key"), "Key")
    around = reading.leaf(call)
    if kind == "Object" and isinstance(receiver.node, ast.Call):
        # `Object(bucket, key)` of the service, `Object(key)` of a bucket
        last = len(receiver.node.args) - 1
        key, around = argument(receiver.node, last if last >= 0 else None, "key"), receiver
    return Transfer(
        name == "download_file",
        None if path is None else reading.leaf(path),
        None if key is None else Leaf(key, around.scopes),
    )


def _kind(receiver: ast.expr) -> str:
    """The class of boto3 that an expression makes an object of, empty where it does not say."""
    match receiver:
        case ast.Call(func=ast.Attribute(attr="Object" | "Bucket" | "client" as name)):
            return name
    return ""


def _given(call: ast.Call) -> int:
    """How many of the parameters that all three forms share are given."""
    names = {keyword.arg for keyword in call.keywords}
    return len(call.args) + len(names & {"Filename", "Bucket", "Key"})
