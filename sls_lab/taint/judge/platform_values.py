"""Parts of a request that the platform writes and whoever sends it does not choose."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode, NamespaceNode
from sls_lab.python.positions import span_of
from sls_lab.python.scopes import resolve, scopes_around
from sls_lab.taint.judge.flow_source import FlowSource
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


def platform_value(source: FlowSource) -> Reason | None:
    """Why nothing of the event but what the platform wrote goes on, None where something else may."""
    parts = _parts_leaving(source)
    if parts is None or parts.unknown or not parts.paths or not all(map(_is_written, parts.paths)):
        return None
    return Reason(
        f"{'.'.join(parts.paths[0])} is written by the platform, not by whoever sends the request", source.span
    )


def own_object(source: FlowSource) -> Reason | None:
    """Why what is deleted is the caller's own, None where it may be another's.

    The key has the caller's identity in it, as the platform has found it out: as a value of a table's key, or at the
    beginning of an object's. Nobody leaves the part of a bucket or a table that such a key names.
    """
    parts = _parts_leaving(source)
    if parts is None or not any(map(_is_identity, parts.leading)):
        return None
    path = next(filter(_is_identity, parts.leading))
    return Reason(f"the key has {'.'.join(path)} in it, so that it names what belongs to the caller", source.span)


def _parts_leaving(source: FlowSource) -> _Parts | None:
    """The parts of the event with which the data leaves the function that is given it."""
    if not source.stations:
        return None
    first = source.stations[0]
    module, function = first.module, first.held.function
    event = next((one for one in _parameters(function) if span_of(module, one) == source.span), None)
    if event is None:
        return None
    parts = _Parts(event.arg, first.held)
    for node in first.leaving:
        for given in _given(node):
            parts.look(given, scopes_around(module, node), _DEPTH)
    return parts


def _given(node: ast.AST) -> list[ast.expr]:
    """What a call is given; any other expression itself."""
    if isinstance(node, ast.Call):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return [node] if isinstance(node, ast.expr) else []


def _parameters(scope: NamespaceNode) -> list[ast.arg]:
    arguments = scope.args if isinstance(scope, FunctionNode) else None
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs] if arguments is not None else []


class _Parts:
    """The parts of an event that expressions are made of: `paths`, and `unknown` where they hold other data."""

    def __init__(self, event: str, held: Held) -> None:
        self._event = event
        self._held = held
        self.paths: list[_Path] = []
        #: those with which a string begins, or that are values by themselves
        self.leading: list[_Path] = []
        self.unknown = False
        #: with how much depth left an expression was looked at: names written twice in each other double every time
        self._looked: dict[tuple[ast.expr, bool], int] = {}

    def look(self, node: ast.expr, scopes: Sequence[NamespaceNode], depth: int, *, leading: bool = True) -> None:
        """Note the parts of one expression; `leading` says that nothing comes before it in a string."""
        if self._looked.get((node, leading), -1) >= depth:
            return
        self._looked[node, leading] = depth
        path = self._chain(node, scopes, depth)
        if path is not None:
            self.paths.append(path)
            if leading:
                self.leading.append(path)
            return
        meant, inner = resolve(node, scopes)
        if meant is not node and depth:
            self.look(meant, inner, depth - 1, leading=leading)
            return
        parts = _in_order(node)
        if not parts and not isinstance(node, ast.Constant):
            self.unknown = self.unknown or self._held.carries(node)
        joined = isinstance(node, ast.JoinedStr | ast.BinOp)
        for part in parts:
            self.look(part, scopes, depth, leading=leading)
            # In a string only what nothing but fixed text comes before decides where it leads.
            leading = leading and not (joined and not isinstance(part, ast.Constant))

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


def _in_order(node: ast.expr) -> list[ast.expr]:
    """The expressions that one is made of, as they are written."""
    found: list[ast.expr] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword | ast.comprehension):
            found += [inner for inner in ast.iter_child_nodes(child) if isinstance(inner, ast.expr)]
        elif isinstance(child, ast.expr):
            found.append(child)
    return found


def _is_identity(path: _Path) -> bool:
    """Whether a part of a request tells who the caller is, as an authoriser has found it out."""
    match path:
        case ("requestContext", "authorizer", *rest):
            return bool(rest) and (rest[-1] == "sub" if "claims" in rest else rest[0] == "principalId")
        case ("requestContext", "identity", "cognitoIdentityId", *_):
            return True
    return False


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
