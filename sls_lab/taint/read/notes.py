"""Say in words what an expression does to the data that passes it."""

from __future__ import annotations

import ast
import re

from sls_lab.events.model import Edge
from sls_lab.taint.read.pysa_output import PysaFrame

#: What the name of a module that is written in C begins with, such as `_pickle` of `pickle`.
_C_HALF = re.compile(r"^_(?=\w+\.)")
#: A class of boto3 as the stubs call it: the service, and the resource's class where it is not a client.
_STUB = re.compile(r"mypy_boto3_(\w+)\.(?:client\.\w+Client\.|\w+\.(\w+)\.)")
#: What S3's classes inherit in the stubs.
_INHERITED = re.compile(r"sls_lab_s3_content\.(\w+)Content\.(\w+)")

_CALLS = {
    "loads": "parsed from JSON text",
    "dumps": "turned into JSON text",
    "join": "joined with other text",
    "format": "formatted into a string",
    "split": "split, and a part of it taken",
    "rsplit": "split, and a part of it taken",
    "replace": "passed on with some of its text replaced",
    "sub": "passed on with some of its text replaced",
    "strip": "passed on without the white space around it",
    "lower": "turned to lower case",
    "upper": "turned to upper case",
    "encode": "encoded as bytes",
    "decode": "decoded to text",
    "b64decode": "decoded from Base64",
    "b64encode": "encoded as Base64",
    "unquote": "decoded from its URL form",
    "unquote_plus": "decoded from its URL form",
    "get": "looked up",
    "open": "used as the path of a file, whose content it leads to",
    "read": "read from a file or stream",
    "readlines": "read from a file, line by line",
    "readline": "read from a file",
    "read_text": "read from a file",
    "write": "written into a file",
    "write_text": "written into a file",
    "download_file": "used to name an object, whose content is downloaded into a file",
    "download_fileobj": "used to name an object, whose content is downloaded into a file",
    "get_object": "used to name an object, whose content is fetched",
    "append": "added to a list",
    "extend": "added to a list",
    "update": "added to a dictionary",
}


def note_for(expression: ast.expr) -> str:
    """A phrase that completes "the data is …", such as `looked up by the key 'body'`."""
    match expression:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return f"looked up by the key {key!r}"
        case ast.Subscript(slice=ast.Constant(value=int(index))):
            return f"taken out of a list at {index}"
        case ast.Subscript(slice=ast.Slice()):
            return "cut out of a longer text"
        case ast.Subscript():
            return "taken out of a larger value"
        case ast.JoinedStr():
            return "formatted into a string"
        case ast.BinOp(op=ast.Add()):
            return "concatenated with other text"
        case ast.BinOp(op=ast.Mod()):
            return "formatted into a string"
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return f"looked up by the key {key!r}"
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Attribute(attr="path"))):
            return "joined into a path"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="html" | "markupsafe"), attr="escape")):
            return "escaped for HTML, which is right in the text of a page and nowhere else"
        case ast.Call(func=ast.Attribute(attr="replace"), args=[ast.Constant(value="'" | '"'), *_]):
            return "passed on with its quotes replaced by hand, which is right between quotes of this kind alone"
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return _CALLS.get(name, f"passed through {name}()")
        case ast.Dict():
            return "put into a dictionary"
        case ast.List() | ast.Tuple() | ast.Set():
            return "put into a list"
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            return "taken element by element"
        case ast.IfExp() | ast.BoolOp():
            return "chosen among alternatives"
        case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Starred(value=value):
            return note_for(value)
    return "passed on"


def cause(edge: Edge) -> str:
    """What wakes: `sqs.send_message`, a handler's outcome or its result."""
    return f"{edge.service}.{edge.api}" if edge.call is not None else "its outcome" if edge.is_outcome else "its result"


def sink_name(frame: PysaFrame) -> str:
    """What the data reaches, as its user knows it: `eval`, `sns.publish`, `s3.Object.delete`, `subprocess.run`."""
    names = frame.leaves or frame.callees
    if not names:
        return frame.base_kind
    name = _C_HALF.sub("", names[0].removesuffix(".__init__").removeprefix("builtins."))
    inherited = _INHERITED.match(name)
    if inherited is not None:
        return f"s3.{'' if inherited[1] == 'Client' else inherited[1] + '.'}{inherited[2]}"
    stub = _STUB.match(name)
    if stub is None:
        return name
    owner = f"{stub[2]}." if stub[2] else ""
    return f"{stub[1].strip('_').replace('_', '-')}.{owner}{name[stub.end() :]}"
