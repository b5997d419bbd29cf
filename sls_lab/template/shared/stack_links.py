"""What the templates of one application give each other: exports, outputs of stacks, parameters of nested stacks.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html,
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html,
https://www.serverless.com/framework/docs/providers/aws/guide/variables/cf-stack
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sls_lab.facts import Hole, HoleKind, Pattern

Values = Mapping[str, Pattern]
#: Names that a deployment makes up for one stack and that mean something else in the next.
STACK_NAMES: Final = ("AWS::StackName", "AWS::StackId")


@dataclass(frozen=True, slots=True)
class NestedStack:
    """A nested stack: its logical id, the file of its template, and the parameters that it is given."""

    logical_id: str
    file: str
    parameters: Values


@dataclass(frozen=True, slots=True)
class Given:
    """What the other templates give to one.

    `exports` are by their names, `stacks` are outputs by the name of the stack, `parameters` what a parent passes down,
    `nested` the outputs of nested stacks by their logical ids.
    """

    exports: Values = field(default_factory=dict)
    stacks: Mapping[str, Values] = field(default_factory=dict)
    parameters: Values = field(default_factory=dict)
    nested: Mapping[str, Values] = field(default_factory=dict)


NOTHING_GIVEN: Final = Given()


def exported(value: Pattern, file: str) -> Pattern:
    """`value` as another template sees it: what the deployment makes up belongs to the stack of `file`."""
    return Pattern(tuple(of_stack(part, file) if isinstance(part, Hole) else part for part in value.parts))


def of_stack(hole: Hole, file: str) -> Hole:
    """The hole with the template's path after its label, where each stack has a value of its own for it."""
    if hole.label.endswith(f" of {file}"):
        return hole
    if hole.kind is HoleKind.GENERATED and " of " not in hole.label:
        return Hole(f"{hole.label} of {file}", hole.kind)
    if hole.label in STACK_NAMES:
        return Hole(f"{hole.label} of {file}", hole.kind)
    return hole


def child_file(folder: str, location: str) -> str | None:
    """The file of the application that a location means, relative to its root; None for a bucket's."""
    path = location.removeprefix("file://")
    if "://" in path or path.startswith("/"):
        return None
    name = posixpath.normpath(posixpath.join(folder, path))
    return None if name.startswith("../") else name
