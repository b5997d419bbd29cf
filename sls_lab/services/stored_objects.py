"""What S3's calls leave and find beside the content of an object: its metadata, headers and tags, and uploads.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sls_lab.code.model import Argument, BotoCall
from sls_lab.services.stores import (
    Found,
    Left,
    StoredEntry,
    attributes_left,
    fixed_attributes,
    named_by,
    object_keys,
    resource_names,
)

METADATA: Final = "Metadata"
TAGS: Final = "Tagging"
_HEADERS: Final = (
    *("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType"),
    "WebsiteRedirectLocation",
)
#: The calls that describe an object that they store, or one that is there.
_DESCRIBING: Final = frozenset(
    {"put_object", "put", "upload_file", "upload_fileobj", "copy", "copy_object", "copy_from"}
    | {"create_multipart_upload", "initiate_multipart_upload", "put_object_tagging"}
)
#: The calls that give what describes an object.
_DESCRIBED: Final = frozenset({"get_object", "get", "head_object"})


def described_by(call: BotoCall) -> Iterator[Left]:
    """What a call leaves beside the content of an object."""
    if call.service != "s3" or call.api not in _DESCRIBING:
        return
    extra = call.arguments.get("ExtraArgs")
    given = {**call.arguments, **{part.name: part for part in (extra.parts if extra is not None else ())}}
    if METADATA in given:
        yield from attributes_left(_entry(call, METADATA, given[METADATA]), given[METADATA])
    for name in (*_HEADERS, TAGS):
        argument = given.get(name)
        if argument is not None and argument.node is not None:
            yield Left(_entry(call, name), argument.node, argument.node)


def descriptions_found_by(call: BotoCall) -> Iterator[Found]:
    """What a call finds beside the content of an object."""
    if call.api in _DESCRIBED:
        for name in (METADATA, *_HEADERS):
            yield Found(_entry(call, name), ((name,),))
    elif call.api == "get_object_tagging":
        yield Found(_entry(call, TAGS), (("TagSet", 0, "Value"),))


def _entry(call: BotoCall, part: str, given: Argument | None = None) -> StoredEntry:
    names, keys = named_by("bucket", call), object_keys("bucket", call)
    return StoredEntry("bucket", names, keys, fixed_attributes(given), part)


def uploads_by(call: BotoCall) -> Iterator[Left]:
    """What is uploaded by a signature that the call makes.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
    """
    given = call.arguments
    if call.api == "generate_presigned_url":
        method, params = given.get("ClientMethod"), given.get("Params")
        if params is None or method is None or all(value.text != "put_object" for value in method.values):
            return
        given = {part.name: part for part in params.parts}
    argument = call.arguments.get("Params") or given.get("Key")
    if argument is not None and argument.node is not None:
        entry = StoredEntry("bucket", resource_names("bucket", given), given["Key"].values if "Key" in given else ())
        yield Left(entry, argument.node, call.node, how="upload")
