"""Whether a file is a template, decided by the parsed document: what a comment or a string says decides nothing."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sls_lab.template.shared.raw_tree import Parsed, RawNode, parse_raw

TemplateKind = Literal["serverless", "cloudformation"]
#: The names that the Serverless Framework looks for, in its order
#: (https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml).
SERVERLESS_NAMES: Final[tuple[str, ...]] = ("serverless.yml", "serverless.yaml", "serverless.json")

# A document without these keys is not a template; looking for their letters is much faster than parsing every file.
# A key may also be written with escapes, as an alias, or after `?`: such a document is always parsed.
_STACK_KEYS: Final = (b"Resources", b"AWSTemplateFormatVersion", b"Transform")
_UNUSUAL_KEY: Final = re.compile(
    rb'"[^"\n]*\\[xuU][^"\n]*"\s*:|\*[^\s,\[\]{}]+\s+:|(?:^|[\s,{\[-])\?[ \t]', re.MULTILINE
)
_TYPE: Final = re.compile(r"(?:AWS|Alexa|Custom)::")
_VARIABLE: Final = re.compile(r"\$\{(?:self|opt|sls|param|env):|\$\{file\(")
_FUNCTION_TYPES: Final = ("AWS::Lambda::Function", "AWS::Serverless::Function")
_KEY: Final = r"""(?:^|[\s,{{])["']?{}["']?\s*:"""
_BROKEN: Final[tuple[tuple[TemplateKind, tuple[re.Pattern[str], ...]], ...]] = (
    ("serverless", tuple(re.compile(_KEY.format(key)) for key in ("service", "provider", "functions"))),
    ("cloudformation", (re.compile(_KEY.format("Resources")), re.compile(r"\bAWS::"))),
)


@dataclass(frozen=True, slots=True)
class DeclaredFunction:
    """One function as a template writes it: its key and its handler ("" where that is another value).

    What a variable brings in is not known here; the variable as written represents it.
    """

    name: str
    handler: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at a document gives.

    `functions` are those of Python, None where the document does not parse. `is_piece` says that it is CloudFormation
    with variables of the Serverless Framework and without functions: resources for a `serverless.yml` to include.
    `in_later_document` says that what looks like a template comes after the first document of the file, which alone
    is read. `parsed` is the document itself.
    """

    kind: TemplateKind
    functions: frozenset[DeclaredFunction] | None = None
    is_piece: bool = False
    in_later_document: bool = False
    parsed: Parsed = (None, ())


def look_at(file: str, data: bytes) -> Looked | None:
    """What kind of template the bytes of `file` are, None if they are not a template.

    Bytes that are not UTF-8, and documents that do not parse, are judged as far as they can be read: whether one is
    *named* must not depend on its being right. Never raises.
    """
    named = file.rpartition("/")[2] in SERVERLESS_NAMES
    if not named and not _may_be_template(data):
        return None
    text = _readable(data)
    tree, diagnostics = parse_raw(text, file)
    if tree is None:
        kind = "serverless" if named else _kind_of_words(text)
        return Looked(kind, parsed=(None, diagnostics)) if kind else None
    kind = "serverless" if named else _kind_of_tree(tree)
    if kind is None:
        later = any(diagnostic.code == "several-documents" for diagnostic in diagnostics)
        kind = _kind_of_words(text) if later else None
        return Looked(kind, in_later_document=True) if kind else None
    functions = frozenset(_declared(tree, kind))
    piece = kind == "cloudformation" and not functions and "Transform" not in tree.mapping and _has_variables(tree)
    return Looked(kind, functions, piece, parsed=(tree, diagnostics))


def may_be_large_template(found: frozenset[bytes]) -> bool:
    """Whether a file too large to be parsed, in which these of `LARGE_WORDS` occur, may be a template."""
    return {b"Resources", b"AWS::"} <= found or {b"service", b"provider", b"functions"} <= found


LARGE_WORDS: Final = (b"Resources", b"AWS::", b"service", b"provider", b"functions")


def _may_be_template(data: bytes) -> bool:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        data = data.replace(b"\0", b"")
    if any(key in data for key in _STACK_KEYS) or (b"service" in data and b"provider" in data):
        return True
    return _UNUSUAL_KEY.search(data) is not None


def _readable(data: bytes) -> str:
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if utf_16 else "utf-8-sig", errors="replace")


def _kind_of_words(text: str) -> TemplateKind | None:
    text = text.replace("\0", "")
    return next((kind for kind, words in _BROKEN if all(word.search(text) for word in words)), None)


def _kind_of_tree(tree: RawNode) -> TemplateKind | None:
    keys = tree.mapping
    if "service" in keys and "provider" in keys:
        provider = keys["provider"]
        if "functions" in keys or "name" in provider.mapping or provider.value == "aws":
            return "serverless"
    transforms = keys.get("Transform")
    if "AWSTemplateFormatVersion" in keys or any("AWS::Serverless" in text for text in _strings(transforms)):
        return "cloudformation"
    resources = keys["Resources"].mapping if "Resources" in keys else {}
    typed = (resource.mapping.get("Type") for resource in resources.values())
    if any(node is not None and isinstance(node.value, str) and _TYPE.match(node.value) for node in typed):
        return "cloudformation"
    return None


def _declared(tree: RawNode, kind: TemplateKind) -> Iterator[DeclaredFunction]:
    if kind == "serverless" and "functions" in tree.mapping:
        yield from _functions(tree.mapping["functions"])
    stacks = tree.mapping.get("resources") if kind == "serverless" else tree
    listed = stacks.value if stacks is not None and isinstance(stacks.value, tuple) else (stacks,)
    for stack in listed:
        resources = stack.mapping.get("Resources") if stack is not None else None
        for name, resource in (resources.mapping if resources is not None else {}).items():
            properties = resource.mapping.get("Properties")
            is_function = any(text in _FUNCTION_TYPES for text in _strings(resource.mapping.get("Type")))
            if is_function and not _is_other_language(properties):
                yield DeclaredFunction(name, _handler(properties))


def _functions(node: RawNode) -> Iterator[DeclaredFunction]:
    for item in node.value if isinstance(node.value, tuple) else (node,):
        if isinstance(item.value, dict):
            for name, function in item.mapping.items():
                yield DeclaredFunction(name, function.written or _handler(function))
        elif item.value is not None:
            yield DeclaredFunction("", item.written)


def _handler(node: RawNode | None) -> str:
    mapping: Mapping[str, RawNode] = node.mapping if node is not None else {}
    found = mapping.get("handler") or mapping.get("Handler")
    return found.written if found is not None else ""


def _is_other_language(properties: RawNode | None) -> bool:
    runtime = properties.mapping.get("Runtime") if properties is not None else None
    return runtime is not None and runtime.written.startswith(("nodejs", "java", "dotnet", "go", "ruby", "provided"))


def _has_variables(tree: RawNode) -> bool:
    return any(_VARIABLE.search(text) for text in _strings(tree))


def _strings(tree: RawNode | None) -> Iterator[str]:
    """All strings of a tree, each value that aliases share once."""
    waiting = [tree] if tree is not None else []
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, str):
            yield node.value
        elif isinstance(node.value, dict | tuple) and id(node.value) not in seen:
            seen.add(id(node.value))
            waiting.extend(node.value.values() if isinstance(node.value, dict) else node.value)
