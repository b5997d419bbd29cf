"""Parts of a request that the platform writes and whoever sends it does not choose."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from sls_lab.facts import Reason, Span
from sls_lab.python.module import FunctionNode, Module, NamespaceNode
from sls_lab.python.positions import span_of
from sls_lab.python.scopes import resolve, scopes_around
from sls_lab.taint.read.dataflow import Held

_DEPTH: Final = 12  #: of names that refer to names
_Path = tuple[str, ...]

#: What API Gateway, load balancers and function URLs write into `requestContext` themselves. A user agent, a path or a
#: host is what the caller sent; the claims of a token are what its issuer knows, and of those an e-mail address or a
#: name is what the user typed in.
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html,
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html,
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
_WRITTEN: Final = frozenset(
    {"accountId", "apiId", "connectedAt", "connectionId", "eventType", "extendedRequestId", "messageDirection"}
    | {"messageId", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "stage", "time", "timeEpoch"}
)
_IDENTITY: Final = frozenset({"accountId", "accessKey", "caller", "cognitoIdentityId", "cognitoIdentityPoolId"})
_SOURCE: Final = frozenset({"sourceIp", "userArn", "user"})
_CLAIMS: Final = frozenset({"sub", "iss", "aud", "client_id", "token_use", "exp", "iat", "auth_time", "cognito:groups"})
_AUTHORISER: Final = frozenset({"principalId", "integrationLatency"})


def platform_value(call: ast.Call, module: Module, source: Span, held: Held | None) -> Reason | None:
    """Why nothing of the event but what the platform wrote reaches `call`, None where something else may.

    `source` is the place of the event in the parameters of the function around the call; a flow that begins in another
    function is not judged.
    """
    scopes = scopes_around(module, call)
    event = next(
        (one for one in _parameters(scopes[0]) if span_of(module, one) == source),
        None,
    )
    if event is None or held is None:
        return None
    parts = _Parts(event.arg, held)
    for given in (*call.args, *(keyword.value for keyword in call.keywords)):
        parts.look(given, scopes, _DEPTH)
    if not parts.paths or parts.unknown or not all(map(_is_written, parts.paths)):
        return None
    return Reason(f"{'.'.join(parts.paths[0])} is written by the platform, not by whoever sends the request", source)


def _parameters(scope: NamespaceNode) -> list[ast.arg]:
    arguments = scope.args if isinstance(scope, FunctionNode) else None
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs] if arguments is not None else []


class _Parts:
    """The parts of an event that expressions are made of: `paths`, and `unknown` where they hold other data."""

    def __init__(self, event: str, held: Held) -> None:
        self._event = event
        self._held = held
        self.paths: list[_Path] = []
        self.unknown = False

    def look(self, node: ast.expr, scopes: Sequence[NamespaceNode], depth: int) -> None:
        """Note the parts of one expression."""
        path = self._chain(node, scopes, depth)
        if path is not None:
            self.paths.append(path)
            return
        meant, inner = resolve(node, scopes)
        if meant is not node and depth:
            self.look(meant, inner, depth - 1)
            return
        children = [child for child in ast.walk(node) if isinstance(child, ast.expr) and child is not node]
        direct = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr | ast.keyword)]
        if not children:
            self.unknown = self.unknown or self._held.carries(node)
        for child in direct:
            self.look(child.value if isinstance(child, ast.keyword) else child, scopes, depth)

    def _chain(self, node: ast.expr, scopes: Sequence[NamespaceNode], depth: int) -> _Path | None:
        """The keys of `event["a"].get("b", {})`, None for what is not such a chain."""
        match node:
            case ast.Name(id=name) if name == self._event:
                return ()
            case ast.Name() if depth:
                meant, inner = resolve(node, scopes)
                return self._chain(meant, inner, depth - 1) if meant is not node else None
            case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):
                above = self._chain(value, scopes, depth)
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=str(key)), *_]):
                above = self._chain(value, scopes, depth)
            case _:
                return None
        return (*above, key) if above is not None else None


def _is_written(path: _Path) -> bool:
    match path:
        case ("requestContext", key, *_):
            rest = path[2:]
            if key == "identity":
                return bool(rest) and rest[0] in _IDENTITY | _SOURCE
            if key == "authorizer":
                return bool(rest) and (rest[-1] in _CLAIMS if "claims" in rest else rest[0] in _AUTHORISER)
            return key in _WRITTEN
    return False
