"""What a function's triggers settle of the events that it gets: the bucket's name, what a rule asks for."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sls_lab.facts import Hole, HoleKind, Pattern, Reason
from sls_lab.template.model import Function, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_settings import first, rules

#: The way to a part of an event; `*` for each element of a list.
EventWay = tuple[str, ...]
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
_RECORD = ("Records", "*", "s3")


@dataclass(frozen=True, slots=True)
class Settled:
    """The string at one place of an event: `whole`, or one that begins with `before` and ends with `after`."""

    reason: Reason
    whole: Pattern | None = None
    before: str = ""
    after: str = ""

    def pattern(self, label: str) -> Pattern:
        """The string; `label` is for the part of it that is not known."""
        if self.whole is not None:
            return self.whole
        return Pattern.of(self.before, Hole(label, HoleKind.ANY), self.after)


def settled(function: Function) -> Mapping[EventWay, tuple[Settled, ...]]:
    """What each trigger settles, for the places of which all of them settle something."""
    each = [dict(_by_trigger(trigger)) for trigger in function.triggers]
    common = set(each[0]).intersection(*each[1:]) if each else set()
    return {way: tuple(dict.fromkeys(one[way] for one in each)) for way in common}


def _by_trigger(trigger: Trigger) -> Iterator[tuple[EventWay, Settled]]:
    if trigger.via:
        return  # what is between changes the event
    if trigger.type == "s3" and trigger.service == "s3" and trigger.resource is not None:
        because = Reason(f"the s3 trigger listens to `{trigger.resource}`", trigger.span, "identity")
        yield (*_RECORD, "bucket", "name"), Settled(because, trigger.resource)
        yield from _key(trigger)
    elif trigger.type == "eventBridge":
        pattern = first(trigger.settings, "pattern", "Pattern", "EventPattern", "eventPattern")
        # What the rule makes of the event is no longer it.
        if pattern is not None and first(trigger.settings, *_INPUTS) is None:
            yield from _asked(pattern, ())


#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-events-rule-target.html
_INPUTS = ("Input", "InputPath", "InputTransformer", "input", "inputPath", "inputTransformer")


def _key(trigger: Trigger) -> Iterator[tuple[EventWay, Settled]]:
    """The beginning and the end of the key, where they are the same in a URL, as which it comes."""
    found = {"prefix": "", "suffix": ""}
    for kind, wanted, _ in rules(trigger.settings):
        if wanted.text is not None and urllib.parse.quote_plus(wanted.text, safe="/") == wanted.text:
            found[kind] = wanted.text
    if any(found.values()):
        because = Reason("the s3 trigger's rules ask for keys of this form", trigger.span)
        yield (*_RECORD, "object", "key"), Settled(because, None, found["prefix"], found["suffix"])


def _asked(node: Node, way: EventWay) -> Iterator[tuple[EventWay, Settled]]:
    """The strings that an event pattern asks for: the only one of a place, or its beginning.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
    """
    for key, inner in node.mapping.items():
        if inner.mapping:
            yield from _asked(inner, (*way, key))
        elif len(inner.items) == 1:
            only = inner.items[0]
            because = Reason(f"the rule's event pattern asks for it in `{key}`", only.span)
            prefix, suffix = only.get("prefix"), only.get("suffix")
            if only.pattern is not None:
                yield (*way, key), Settled(because, only.pattern)
            elif prefix is not None and prefix.text is not None:
                yield (*way, key), Settled(because, None, prefix.text)
            elif suffix is not None and suffix.text is not None:
                yield (*way, key), Settled(because, None, "", suffix.text)
