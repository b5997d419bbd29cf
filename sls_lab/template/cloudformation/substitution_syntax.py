"""The strings of `Fn::Sub`, cut into text and `${…}`; `intrinsics.py` gives each its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sls_lab.facts import Pattern

_PLACE = re.compile(r"\$\{([^{}]*)\}")
_PSEUDO = re.compile(r"#\{(AWS::[A-Za-z]+)\}")


@dataclass(frozen=True, slots=True)
class Name:
    """A name to look up: `Parameter`, `Resource`, `Resource.Attribute` or `AWS::Region`."""

    text: str


def split_substitution(template: Pattern) -> Iterator[Pattern | Name]:
    """The pieces of a `Fn::Sub` template in order; `${!Literal}` gives the text `${Literal}`.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    for part in template.parts:
        if not isinstance(part, str):
            yield Pattern((part,))
            continue
        end = 0
        for match in _PLACE.finditer(part):
            yield Pattern.of(part[end : match.start()])
            written = match.group(1).strip()
            if written.startswith("!"):
                yield Pattern.of("${", written[1:].strip(), "}")
            else:
                yield Name(written)
            end = match.end()
        yield Pattern.of(part[end:])


def split_pseudo(text: Pattern) -> Iterator[Pattern | Name]:
    """The pieces of a string in which `#{AWS::Region}` stands for a pseudo parameter.

    That is the spelling of the serverless-pseudo-parameters plugin, still common in older applications
    (https://github.com/svdgraaf/serverless-pseudo-parameters).
    """
    for part in text.parts:
        if not isinstance(part, str):
            yield Pattern((part,))
            continue
        end = 0
        for match in _PSEUDO.finditer(part):
            yield Pattern.of(part[end : match.start()])
            yield Name(match.group(1))
            end = match.end()
        yield Pattern.of(part[end:])
