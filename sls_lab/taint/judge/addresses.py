"""Whether the data can choose to which host a request goes."""

from __future__ import annotations

import ast
import re
from typing import Final

from sls_lab.facts import Reason
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.reading import Leaf, Reading

#: A scheme and a whole host, or something that is not the data's, and then the end of the host. The `@` of a user's
#: name and the backslash, which some libraries take for a slash, end nothing.
FIXED_HOST: Final = re.compile(rf"(?:[a-z][a-z+.-]*://[^/?#\\]+|{Reading.SETTING}[^/?#\\]*)[/?#]", re.IGNORECASE)
_REQUESTS: Final = frozenset({"urllib.request.Request", "requests.Request", "httpx.Request"})
_CONNECTIONS: Final = frozenset({"HTTPConnection", "HTTPSConnection"})


def request_url(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data does not choose the host."""
    if reading.called(call.func) in _CONNECTIONS:
        return None
    url = _url(call, reading.leaf(call), reading)
    if url is None:
        return None
    made = reading.resolved(url)
    if isinstance(made.node, ast.Call) and reading.means(Leaf(made.node.func, made.scopes), _REQUESTS):
        inner = _url(made.node, made, reading)
        url = url if inner is None else inner
    strings = reading.strings(url)
    first = next((piece for pieces in strings for piece in pieces), url)
    if reading.whole(url):
        return reading.reason("the address does not come from the data", first)
    fixed = all(FIXED_HOST.match(reading.leading(pieces)) for pieces in strings)
    return reading.reason("the host is fixed", first) if fixed else None


def _url(call: ast.Call, around: Leaf, reading: Reading) -> Leaf | None:
    """The address among the arguments: the first, or the second after a method such as GET."""
    url = argument(call, 0, "url")
    method = None if url is None else reading.text(Leaf(url, around.scopes))
    named = reading.called(call.func) in {"request", "stream"}
    if named or (method is not None and method.isalpha() and method.isupper()):
        url = argument(call, 1, "url")
    return None if url is None else Leaf(url, around.scopes)
