"""AWS IoT Core: messages published to a topic wake the functions whose topic rules select them.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-rules.html
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from sls_lab.aws.arn import resource_arn
from sls_lab.aws.registry import facts_of
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised
from sls_lab.services.service import Service
from sls_lab.services.topic_rules import TopicRule, listens, parse_rule, selected
from sls_lab.template.shared.trigger_settings import Settings, first

SERVICE = "iot-data"


class IotData(Service):
    """AWS IoT Core: messages published to a topic wake the functions whose topic rules select them."""

    client = SERVICE
    one_by_one = True

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event; all messages pass the one broker of the account, whose rules look at the topic."""
        if call.service != SERVICE or call.api != "publish":
            return ()
        topics = arguments.values(call, view, "topic")
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "topic", topics, "topic"))
        broker = (Pattern.of(facts_of(SERVICE).shared),)
        arns = tuple(resource_arn(SERVICE, topic) for topic in topics)
        return (Raised(SERVICE, broker, ("iot:Publish",), arns, ("",), {"topic": topics}, because),)

    def arn(self, name: Pattern, facts: Mapping[str, tuple[Pattern, ...]] = NO_FACTS) -> Pattern:
        """The ARN of the topic."""
        topics = facts.get("topic", ())
        return resource_arn(SERVICE, topics[0] if len(topics) == 1 else Pattern.any("topic"))

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The message, read from its JSON, and its topic."""
        written = arguments.sent(call, view, "payload")
        message = view.parsed(written) if written is not None else build.record({})
        found = arguments.argument(call, "payload")
        where = found.span if found else call.span
        because = (Reason("the message, read from its JSON, is what rules select from", where),)
        parts = {"message": message, "topic": arguments.expression(call, view, "topic")}
        return Payload(SERVICE, parts, event.names, event.facts, (), because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """What the rule's SELECT clause makes of the message."""
        return selected(_rule(settings), event.parts["message"], event.parts["topic"])

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """What the rule selects is the event object."""
        return build.single(Element(self.document(events[0], settings), events[0].generators))

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The topic filter of the rule's FROM clause; a WHERE clause may hold or not."""
        sql, rule = first(settings, "sql"), _rule(settings)
        if sql is None or rule is None:
            return Passage(Verdict.MAYBE, (Reason("what the topic rule selects is not known", None, "doubt"),), event)
        topics = event.facts.get("topic", (Pattern.any("topic"),))
        answers = {listens(rule.topics, topic) for topic in topics}
        verdict = answers.pop() if len(answers) == 1 else Verdict.MAYBE
        saying = {Verdict.YES: "takes", Verdict.NO: "does not take", Verdict.MAYBE: "may take"}[verdict]
        named = " or ".join(f"`{topic}`" for topic in topics)
        sentence = f"the topic rule's filter `{rule.topics}` {saying} the topic {named}"
        reasons = [Reason(sentence, sql.span, "doubt" if verdict is Verdict.MAYBE else "statement")]
        if rule.conditional and verdict.possible:
            verdict = Verdict.MAYBE
            reasons.append(Reason("the rule's WHERE clause may hold or not", sql.span, "doubt"))
        return Passage(verdict, tuple(reasons), event)


def _rule(settings: Settings) -> TopicRule | None:
    sql = first(settings, "sql")
    return parse_rule(sql.pattern) if sql is not None and sql.pattern is not None else None


BEHAVIOUR: Service = IotData()
