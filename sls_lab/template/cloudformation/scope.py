"""Where the names that intrinsic functions refer to are looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sls_lab.aws.arn import REGION
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.template.model import NOTHING, Options
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given
from sls_lab.template.shared.template_part import Log

_MAX_DEPTH = 600  # Python allows 1,000 calls by default, some of which the caller has used already


@dataclass(frozen=True, slots=True)
class Implicit:
    """A resource that a framework adds to the template: its CloudFormation type and physical name."""

    type: str
    name: Pattern


@dataclass(slots=True)
class Memory:
    """What was resolved already, and what is being resolved (to notice a circle).

    `depth` is about how many calls deep the resolving is, so that a long chain of names cannot exhaust the
    interpreter's stack.
    """

    names: dict[str, tuple[Pattern, tuple[Reason, ...]]] = field(default_factory=dict)
    qualified: dict[str, tuple[Pattern, tuple[Reason, ...]]] = field(default_factory=dict)
    conditions: dict[str, Verdict] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    depth: int = 0

    @contextmanager
    def deeper(self, calls: int) -> Iterator[bool]:
        """Whether there is room for so many calls more; to be left when they are done."""
        self.depth += calls
        try:
            yield self.depth <= _MAX_DEPTH
        finally:
            self.depth -= calls


@dataclass(frozen=True, slots=True)
class Scope:
    """One template's parameters, mappings, conditions and resources, as written (unresolved).

    `implicit` are the resources that the framework adds, by logical id (Serverless: `HelloLambdaFunction` with its
    deployed name). `region` is the region deployed to where it is known. `params` are the values of parameters that
    the analyst or the template's caller gave, `given` is what the application's other templates do. Diagnostics and
    resolutions go to `log`.
    """

    resources: Mapping[str, Node] = field(default_factory=dict)
    parameters: Mapping[str, Node] = field(default_factory=dict)
    mappings: Mapping[str, Node] = field(default_factory=dict)
    conditions: Mapping[str, Node] = field(default_factory=dict)
    implicit: Mapping[str, Implicit] = field(default_factory=dict)
    params: Mapping[str, Pattern] = field(default_factory=dict)
    region: Pattern = REGION
    stack: Pattern = field(default_factory=lambda: Pattern.fixed("AWS::StackName"))
    given: Given = NOTHING_GIVEN
    log: Log = field(default_factory=Log)
    memory: Memory = field(default_factory=Memory)

    @staticmethod
    def of(
        template: Node,
        options: Options,
        *,
        implicit: Mapping[str, Implicit] | None = None,
        region: Pattern | None = None,
        stack: Pattern | None = None,
        given: Given = NOTHING_GIVEN,
        log: Log | None = None,
    ) -> Scope:
        """The scope of a CloudFormation template's root node (or of Serverless' `resources`).

        `options.param`, then `options.opt`, then a parent's template give values for parameters;
        `options.opt["region"]` the region.
        """
        answers = {**options.opt, **options.param}
        chosen = options.opt.get("region") or options.param.get("region")
        return Scope(
            resources=_section(template, "Resources"),
            parameters=_section(template, "Parameters"),
            mappings=_section(template, "Mappings"),
            conditions=_section(template, "Conditions"),
            implicit=implicit or {},
            params={**given.parameters, **{name: Pattern.of(value) for name, value in answers.items()}},
            region=region or (Pattern.of(chosen) if chosen else REGION),
            stack=stack or Pattern.fixed("AWS::StackName"),
            given=given,
            log=log or Log(),
        )


def _section(template: Node, name: str) -> Mapping[str, Node]:
    section = template.get(name)
    return section.mapping if section else NOTHING
