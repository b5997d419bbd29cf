"""The SQL of AWS IoT's topic rules: which topics a rule listens to, and what it makes of a message.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sls_lab.facts import Hole, HoleKind, Pattern, Verdict
from sls_lab.services import build
from sls_lab.services.inputs import at_path

_SQL = re.compile(
    r"\s*SELECT\s+(?P<what>.+?)\s+FROM\s+(?P<quote>['\"])(?P<topic>.*?)(?P=quote)\s*(?:WHERE\s+(?P<where>.+))?",
    re.IGNORECASE | re.DOTALL,
)
_ALIAS = re.compile(r"(?P<value>.+?)\s+AS\s+(?P<name>\w+)", re.IGNORECASE | re.DOTALL)
_PATH = re.compile(r"\w+(?:\.\w+)*")
_TOPIC = re.compile(r"topic\(\s*\d*\s*\)", re.IGNORECASE)
_PLACE = re.compile("\0(\\d+)\0")


@dataclass(frozen=True, slots=True)
class TopicRule:
    """One rule: `topics` is its topic filter, `what` are the parts of its SELECT clause as written."""

    topics: Pattern
    what: tuple[str, ...]
    conditional: bool


def parse_rule(sql: Pattern) -> TopicRule | None:
    """The rule that an SQL statement writes, None for what is not such a statement."""
    text = "".join(part if isinstance(part, str) else f"\0{index}\0" for index, part in enumerate(sql.parts))
    found = _SQL.fullmatch(text)
    if found is None:
        return None
    pieces = [sql.parts[int(piece)] if odd % 2 else piece for odd, piece in enumerate(_PLACE.split(found["topic"]))]
    return TopicRule(Pattern.of(*pieces), tuple(_split(found["what"])), found["where"] is not None)


def _split(clause: str) -> list[str]:
    """The parts of a SELECT clause: commas in brackets and quotes do not part it."""
    found, depth, quoted = [""], 0, ""
    for character in clause:
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0 and not quoted:
            found.append("")
        else:
            found[-1] += character
    return [part.strip() for part in found]


def listens(topics: Pattern, topic: Pattern) -> Verdict:
    """Whether a topic filter takes a topic: `+` is any one level, `#` at the end all that are below.

    https://docs.aws.amazon.com/iot/latest/developerguide/topics.html#topicfilters
    """
    wanted, given = topics.split("/"), topic.split("/")
    verdicts: list[Verdict] = []
    for index, level in enumerate(wanted):
        if level.text == "#":
            return Verdict.all(verdicts) if len(given) > index else Verdict.NO
        if index >= len(given):
            return Verdict.NO
        if any(hole.kind is HoleKind.ANY for hole in given[index].holes):
            # What is not known may hold further levels, so that what comes after it is compared from the end.
            begun = Verdict.YES if level.text == "+" else _begins(level, given[index])
            return Verdict.all((*verdicts, begun, _ends(wanted[index:], given[index + 1 :]), Verdict.MAYBE))
        verdicts.append(Verdict.YES if level.text == "+" else level.equals(given[index]))
    return Verdict.all(verdicts) if len(wanted) == len(given) else Verdict.NO


def _ends(wanted: Sequence[Pattern], given: Sequence[Pattern]) -> Verdict:
    """Whether the last levels of a topic, up to the next one that is not known, are those of a filter."""
    if wanted[-1].text == "#":
        return Verdict.YES
    for level, one in zip(reversed(wanted), reversed(given), strict=False):
        if any(hole.kind is HoleKind.ANY for hole in one.holes):
            break
        if level.text != "+" and not level.equals(one).possible:
            return Verdict.NO
    return Verdict.YES


def _begins(level: Pattern, given: Pattern) -> Verdict:
    first = given.parts[0]
    return Verdict.MAYBE if isinstance(first, Hole) else level.starts_with(first)


def selected(rule: TopicRule | None, message: ast.expr, topic: ast.expr) -> ast.expr:
    """What the rule's actions get of a message; a part that is not as simple may hold any of it."""
    if rule is None or rule.what == ("*",):
        return message
    mappings: list[ast.expr] = []
    for part in rule.what:
        if part == "*":
            mappings.append(message)
            continue
        alias = _ALIAS.fullmatch(part)
        value = alias["value"] if alias is not None else part
        name = alias["name"] if alias is not None else re.sub(r"\(.*", "", value, flags=re.DOTALL).rpartition(".")[2]
        mappings.append(build.record({name.strip(): _value(value, message, topic)}))
    return build.merged(*mappings)


def _value(written: str, message: ast.expr, topic: ast.expr) -> ast.expr:
    if _TOPIC.fullmatch(written):
        return topic
    if written[:1] in "'\"" and written[-1:] == written[:1]:
        return build.const(written[1:-1])
    if re.fullmatch(r"-?\d+(?:\.\d+)?", written):
        return build.const(float(written))
    if written.lower() in ("timestamp()", "newuuid()", "clientid()", "accountid()", "traceid()"):
        return build.const("")
    return at_path(message, f"$.{written}") if _PATH.fullmatch(written) else message
