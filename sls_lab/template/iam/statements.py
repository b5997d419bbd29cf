"""IAM policies: statements from policy documents.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from sls_lab.facts import Pattern, Reason
from sls_lab.template.model import Statement
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log


def read_statements(node: Node, log: Log, because: tuple[Reason, ...] = ()) -> tuple[Statement, ...]:
    """The statements of a resolved policy document, of its `Statement`, or of a list of either.

    Keys count in any case of their first letter, as frameworks write them. A statement without an effect or an action
    is a diagnostic and left out; one without a resource (as in a resource's own policy) applies to every resource.
    `because` goes before each statement's own reasons.
    """
    statements: list[Statement] = []
    for item in node.listed():
        inner = _get(item, "Statement")
        if inner is not None:
            statements.extend(read_statements(inner, log, because))
        elif item.mapping:
            statement = _statement(item, log, because)
            if statement is not None:
                statements.append(statement)
    return tuple(statements)


def _statement(node: Node, log: Log, because: tuple[Reason, ...]) -> Statement | None:
    effect = _get(node, "Effect")
    actions, not_actions = _patterns(_get(node, "Action")), _patterns(_get(node, "NotAction"))
    word = effect.text if effect else None
    if word not in ("Allow", "Deny"):
        message = "This policy statement has no Effect of Allow or Deny and is left out: add one."
        log.say("statement-without-effect", message, node.span)
        return None
    if not actions and not not_actions:
        message = "This policy statement has no Action and is left out: add one."
        log.say("statement-without-action", message, node.span)
        return None
    resource, not_resource = _get(node, "Resource"), _get(node, "NotResource")
    resources, not_resources = _patterns(resource), _patterns(not_resource)
    if not resources and not not_resources:
        resources = (Pattern.of("*"),)
    condition = _get(node, "Condition")
    if word == "Deny" and _asks_for_plain_http(condition):
        return None
    listed = (*(resource.listed() if resource else ()), *(not_resource.listed() if not_resource else ()))
    reasons = tuple(reason for item in (*listed, *((resource,) if resource else ())) for reason in item.because)
    return Statement(
        effect="Allow" if word == "Allow" else "Deny",
        actions=actions,
        resources=resources,
        span=node.span,
        not_actions=() if actions else not_actions,
        not_resources=() if resources else not_resources,
        conditional=bool(condition and (condition.mapping or condition.pattern)),
        because=tuple(dict.fromkeys((*because, *reasons))),
    )


def _asks_for_plain_http(condition: Node | None) -> bool:
    """Whether the statement denies only what comes without TLS, which boto3 always uses."""
    asked = condition.get("Bool", "aws:SecureTransport") if condition else None
    return condition is not None and asked is not None and len(condition.mapping) == 1 and _is_false(asked)


def _is_false(node: Node) -> bool:
    return all(str(item.pattern).lower() == "false" for item in node.listed())


def _patterns(node: Node | None) -> tuple[Pattern, ...]:
    """The strings of a string or a list; what cannot be read as one may be any."""
    if node is None:
        return ()
    found: list[Pattern] = []
    for item in node.listed():
        if isinstance(item.value, tuple):  # a list within the list, from an intrinsic function that gave one
            found.extend(_patterns(item))
        else:
            found.append(item.pattern if item.pattern is not None else Pattern.any("resource"))
    return tuple(found)


def _get(node: Node, key: str) -> Node | None:
    found = node.get(key)
    return found if found is not None else node.get(key[0].lower() + key[1:])
