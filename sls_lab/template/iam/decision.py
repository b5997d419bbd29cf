"""Whether a role lets a call pass.

Source of the order of decisions:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
"""

from __future__ import annotations

from functools import lru_cache

from sls_lab.aws.arn import ACCOUNT, REGION, parse_arn
from sls_lab.facts import Hole, Pattern, Reason, ReasonKind, Verdict
from sls_lab.template.model import Decision, Role, Statement


def decide(role: Role, action: str, resource: Pattern) -> Decision:
    """Whether `role` may do `action` (`s3:PutObject`) on the ARN `resource`, with the statements that decide it.

    An explicit Deny wins; else an Allow must cover both, where `*` and `?` are wildcards and the case of actions does
    not count. `MAYBE` where a condition, an unknown name, or a part of the role that cannot be seen decides. A region
    or an account written out in a statement is taken for the one deployed to where the call's own is not known. What
    a permissions boundary does not allow as well is not allowed
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    decision = _decide(role, action, resource)
    if role.boundary is None or decision.verdict is Verdict.NO:
        return decision
    bound = _decide(role.boundary, action, resource)
    if bound.verdict is Verdict.YES:
        return decision
    verdict = Verdict.all((decision.verdict, bound.verdict))
    return Decision(verdict, (*bound.because, *decision.because))


def _decide(role: Role, action: str, resource: Pattern) -> Decision:
    """The decision of a role's own statements."""
    denied, denials = _verdict(role, "Deny", action, resource)
    if denied is Verdict.YES:
        return Decision(Verdict.NO, _reasons(denials, action, resource, Verdict.YES))
    allowed, allowances = _verdict(role, "Allow", action, resource)
    if allowed is Verdict.NO:
        if role.complete:
            why = Reason(f"no statement allows {action} on {resource}")
            return Decision(Verdict.NO, (why, *role.because))
        # The reason that says what hides the other statements describes the doubt better, where there is one.
        told = any(reason.kind == "doubt" for reason in role.because)
        why = Reason(
            f"no statement that can be seen allows {action} on {resource}, but not all can be seen",
            kind="statement" if told else "doubt",
        )
        return Decision(Verdict.MAYBE, (why, *role.because))
    if denied is Verdict.MAYBE:
        reasons = _reasons(allowances, action, resource, allowed)
        return Decision(Verdict.MAYBE, (*reasons, *_reasons(denials, action, resource, Verdict.MAYBE)))
    return Decision(allowed, _reasons(allowances, action, resource, allowed))


def ending_with_why(decision: Decision) -> tuple[Reason, ...]:
    """The reasons of a decision; of a refusal the deciding one comes last, where reports look for it."""
    first, others = decision.because[:1], decision.because[1:]
    return (*others, *first) if decision.verdict is Verdict.NO else decision.because


def _verdict(role: Role, effect: str, action: str, resource: Pattern) -> tuple[Verdict, list[Statement]]:
    """The best answer among the statements of one effect, and those that give it."""
    answer = Verdict.NO
    statements: list[Statement] = []
    for statement in role.statements:
        if statement.effect != effect:
            continue
        verdict = _applies(statement, action, resource)
        if verdict is Verdict.NO:
            continue
        if verdict is not answer:
            if answer is Verdict.YES:
                continue
            answer, statements = verdict, []
        statements.append(statement)
    return answer, statements


def _reasons(statements: list[Statement], action: str, resource: Pattern, verdict: Verdict) -> tuple[Reason, ...]:
    """The first of the statements that decide, in words, and how it came to be."""
    statement = statements[0]
    word = {"Allow": "allows", "Deny": "denies"}[statement.effect]
    if verdict is Verdict.MAYBE:
        word = f"may {word.removesuffix('s').replace('denie', 'deny')}"
        condition = " under a condition" if statement.conditional else ""
        why = f"this statement {word} {action} on {resource}{condition}"
    else:
        why = f"this statement {word} {action} on {resource}"
    kind: ReasonKind = "doubt" if verdict is Verdict.MAYBE else "statement"
    return (Reason(why, statement.span, kind), *statement.because)


def _applies(statement: Statement, action: str, resource: Pattern) -> Verdict:
    acted = _action(statement, action)
    if acted is Verdict.NO:
        return acted
    verdict = Verdict.all((acted, _resource(statement, resource)))
    return Verdict.MAYBE if statement.conditional and verdict is Verdict.YES else verdict


def _action(statement: Statement, action: str) -> Verdict:
    if statement.actions:
        return Verdict.any(_action_matches(pattern, action) for pattern in statement.actions)
    return Verdict.any(_action_matches(pattern, action) for pattern in statement.not_actions).negated()


def _action_matches(pattern: Pattern, action: str) -> Verdict:
    return Pattern.of(action).matches_glob(pattern, ignore_case=True)


def _resource(statement: Statement, resource: Pattern) -> Verdict:
    # A made-up name is compared as what it is, and as what it is known to begin with.
    named = dict.fromkeys((resource, resource.unfolded))
    globs = statement.resources or statement.not_resources
    verdict = Verdict.any(_resource_matches(one, glob) for one in named for glob in globs)
    return verdict if statement.resources else verdict.negated()


@lru_cache(maxsize=65536)
def _resource_matches(resource: Pattern, glob: Pattern) -> Verdict:
    if glob.text == "*":
        return Verdict.YES
    if _differ(resource, glob):
        return Verdict.NO
    call, stated = parse_arn(resource), parse_arn(glob)
    if call is None or stated is None:
        return resource.matches_glob(glob)
    # Field by field, so that an account that is not known is not taken for one that holds the rest of an ARN.
    return Verdict.all(
        (
            call.service.matches_glob(stated.service),
            call.partition.matches_glob(stated.partition),
            _place_matches(call.region, stated.region, REGION),
            _place_matches(call.account, stated.account, ACCOUNT),
            call.resource.matches_glob(stated.resource),
        )
    )


def _differ(resource: Pattern, glob: Pattern) -> bool:
    """Whether the characters at either end already differ: the common case, and much cheaper than matching."""
    if not resource.parts or not glob.parts:
        return False
    return _texts_differ(resource.parts[0], glob.parts[0], 1) or _texts_differ(resource.parts[-1], glob.parts[-1], -1)


def _texts_differ(mine: str | Hole, theirs: str | Hole, step: int) -> bool:
    if not isinstance(mine, str) or not isinstance(theirs, str):
        return False
    for wanted, found in zip(theirs[::step], mine[::step], strict=False):
        if wanted in "*?":
            return False
        if wanted != found:
            return True
    return False


def _place_matches(mine: Pattern, stated: Pattern, own: Pattern) -> Verdict:
    """Whether the call's region or account is the stated one; `own` is the one deployed to.

    A role names its own region and account nearly always; without this every such statement would be a maybe.
    """
    if bool(mine.parts) is not bool(stated.parts):
        return Verdict.YES if stated.text == "*" else Verdict.NO
    if mine == own and stated.text is not None and "*" not in stated.text and "?" not in stated.text:
        return Verdict.YES
    return mine.matches_glob(stated)
