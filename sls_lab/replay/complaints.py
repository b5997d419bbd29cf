"""What errors and refusing answers say about a request: which fields it lacks, and what others should have been.

Read from the words of Python, of pydantic (https://docs.pydantic.dev/latest/errors/validation_errors/), of FastAPI and
Powertools (the `detail` of an answer with status 422), and of sentences such as "name and content are required".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from sls_lab.replay.model import Hop, ValueAsked
from sls_lab.replay.request_parts import PartPath

_ARGUMENTS: Final = re.compile(r"missing \d+ required (?:positional|keyword-only) arguments?: (.+)")
_FIELD: Final = re.compile(r"^(\w[\w.]*)\n  Field required", re.MULTILINE)
_WRONG: Final = re.compile(r"^  (Input|String|Value).* \[type=(\w+), input_value=(.*), input_type", re.MULTILINE)
_PATTERN: Final = re.compile(r"should match pattern '(.+)' \[type")
_SENTENCE: Final = re.compile(
    r"((?:['\"`]?\w+['\"`]?(?:, (?:and )?| and | or ))*['\"`]?\w+['\"`]?) (?:is|are) (?:a )?(?:required|missing|needed)"
)
_NAMED: Final = re.compile(r"(?:[Mm]issing|[Rr]equired)(?: required)?(?: \w+){0,2}:? ['\"`](\w+)['\"`]")
_NO_ADDRESS: Final = re.compile(r"(?:Invalid URL|unknown url type:) '?([^' ]+)")
_QUOTED: Final = re.compile(r"'([^']*)'")
_WORD: Final = re.compile(r"\w+")
_JOINING: Final = frozenset({"and", "or", "the", "a", "field", "fields", "it", "body", "this", "request"})
_ERRORS: Final = 400
#: By pydantic's name of an error: what a string should have been.
_KINDS: Final = {
    "int_parsing": "number",
    "int_type": "number",
    "float_parsing": "number",
    "float_type": "number",
    "decimal_parsing": "number",
    "decimal_type": "number",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "dataclass_type": "mapping",
}


def lacking(hop: Hop) -> Iterator[PartPath]:
    """The fields that a request lacks, as far as errors and answers say, each once."""
    yield from dict.fromkeys(_lacking(hop))


def _lacking(hop: Hop) -> Iterator[PartPath]:
    for text in _texts(hop):
        found = _ARGUMENTS.search(text)
        for name in _QUOTED.findall(found[1]) if found else ():
            yield (name,)
        for name in _FIELD.findall(text):
            yield tuple(int(one) if one.isdigit() else one for one in name.split("."))
        for words in _SENTENCE.findall(text):
            yield from ((name,) for name in _WORD.findall(words) if name not in _JOINING)
        for name in _NAMED.findall(text):
            yield (name,)
    for entry in _details(hop):
        where = entry.get("loc")
        if entry.get("type") == "missing" and isinstance(where, list) and len(where) > 1:
            yield tuple(where[1:])


def complaints(hop: Hop) -> Iterator[ValueAsked]:
    """What strings of a request should have been instead, as far as errors say."""
    for text in _texts(hop):
        for address in _NO_ADDRESS.findall(text):
            yield ValueAsked("equals", "", (), address, f"https://{address}.example.com/")
        for line in _WRONG.finditer(text):
            given = _QUOTED.search(line[3])
            if given is None:
                continue
            pattern = _PATTERN.search(line[0])
            if pattern is not None:
                yield ValueAsked("matches", "", (), given[1], pattern[1].replace("\\\\", "\\"))
            elif line[2] in ("literal_error", "enum"):
                yield ValueAsked("chosen", "", (), given[1], _QUOTED.findall(line[0].partition(" [type")[0]))
            elif line[2] in _KINDS:
                yield ValueAsked(_KINDS[line[2]], "", (), given[1], "")


def _texts(hop: Hop) -> Iterator[str]:
    yield from (one.text for one in hop.asked if one.what == "raised")
    if hop.error:
        yield hop.error
    if _refuses(hop):
        yield str(hop.result.get("body"))


def _refuses(hop: Hop) -> bool:
    status = hop.result.get("statusCode") if isinstance(hop.result, dict) else None
    return isinstance(status, int) and status >= _ERRORS


def _details(hop: Hop) -> Iterator[dict[str, Any]]:
    if not _refuses(hop):
        return
    try:
        body = json.loads(str(hop.result.get("body")))
    except ValueError:
        return
    listed = body.get("detail") if isinstance(body, dict) else None
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict):
            yield entry
