"""Where a Serverless variable's value comes from, one source each.

Facts: https://www.serverless.com/framework/docs/guides/variables and
https://www.serverless.com/framework/docs/guides/parameters.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sls_lab.aws.arn import ACCOUNT, REGION
from sls_lab.facts import Diagnostic, Pattern, Reason, Span
from sls_lab.template.model import Options
from sls_lab.template.serverless.source_files import SourceFiles
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.raw_tree import RawNode
from sls_lab.template.shared.stack_links import NOTHING_GIVEN, Given
from sls_lab.template.shared.template_part import Log

DEFAULT_STAGE: Final = "dev"
DEFAULT_REGION: Final = "us-east-1"
_TREES: Final = (".yml", ".yaml", ".json", ".tfstate")
_PROGRAMS: Final = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".py")


@dataclass(frozen=True, slots=True)
class Miss:
    """A source without a value.

    `ungiven` says how the analyst may give one, `unknown` what the value is called without one.
    """

    why: str
    span: Span
    ungiven: str | None = None
    unknown: Pattern | None = None


@dataclass(frozen=True, slots=True)
class Led:
    """A mapping or list that a variable leads to, as written, and the variables on the way."""

    node: RawNode
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookups:
    """The sources of one `serverless.yml`.

    `service` is its tree, `folder` its folder relative to the application's, `resolve` gives a raw node's value,
    `leads_to` the mapping or list that a string brings in by one variable, `given_by_others` is what the application's
    other templates give to this one.
    """

    service: RawNode
    sources: SourceFiles
    options: Options
    folder: str
    log: Log
    resolve: Callable[[RawNode], Node]
    leads_to: Callable[[RawNode], Led | None]
    given_by_others: Given = NOTHING_GIVEN

    def look_up(self, kind: str, params: str | None, address: str, span: Span) -> Node | Miss:
        """The value of `kind(params):address`, written at `span`."""
        match kind:
            case "self":
                return self.itself(address, span)
            case "opt":
                how = f"pass --{address}" if address in ("stage", "region") else f"pass --opt {address}=VALUE"
                return self.given(self.options.opt.get(address), f"opt:{address}", how, span)
            case "env":
                return self.given(self.options.env.get(address), f"env:{address}", f"pass --env {address}=VALUE", span)
            case "param":
                return self.param(address, span)
            case "file":
                return self.file(params or "", address, span)
            case "sls":
                return self.stage(span) if address == "stage" else _unknown(f"sls:{address}", span)
            case "aws":
                return self.aws(address, span)
            case "strToBool":
                return _truth(params or "", span)
            case _ if kind.partition(".")[0] == "cf" and (found := self.output(address, span)) is not None:
                return found  # with or without the region, as in `${cf.us-east-1:stack.output}`
        written = f"{kind}({params})" if params is not None else kind
        return _unknown(f"{written}:{address}" if address else written, span)

    def given(self, value: str | None, name: str, how: str, span: Span) -> Node | Miss:
        """An answer of the analyst."""
        if value is None:
            # `${AWS::Region}` of the same template, and the code's own region, are this region.
            return Miss(f"{name} is not given", span, how, REGION if name == "opt:region" else Pattern.fixed(name))
        return Node(Pattern.of(value), span, (Reason(f'{name} is given as "{value}"', span),))

    def itself(self, address: str, span: Span) -> Node | Miss:
        """`self:` - a place in the template itself, with the defaults that the framework fills in."""
        found = self.walk(self.service, address, f"self:{address}", span)
        if isinstance(found, Miss):
            if address == "provider.stage":
                return self.stage(span)
            if address == "provider.region":
                return self.region(span)
        elif address == "service" and (name := found.get("name")) is not None:
            return name  # version 1 wrote `service: {name: …}`
        return found

    def stage(self, span: Span) -> Node:
        """The stage deployed to: the option, else `provider.stage`, else `dev`."""
        return self._setting("stage", DEFAULT_STAGE, span)

    def region(self, span: Span) -> Node:
        """The region deployed to: the option, else `provider.region`, else `us-east-1`."""
        return self._setting("region", DEFAULT_REGION, span)

    def _setting(self, name: str, default: str, span: Span) -> Node:
        if name in self.options.opt:
            value = self.options.opt[name]
            return Node(Pattern.of(value), span, (Reason(f'the {name} is given as "{value}"', span),))
        found = self.walk(self.service, f"provider.{name}", f"provider.{name}", span)
        if isinstance(found, Node) and found.pattern is not None:
            return found
        return Node(Pattern.of(default), span, (Reason(f'the {name} is "{default}" where none is written', span),))

    def param(self, name: str, span: Span) -> Node | Miss:
        """`param:` - the analyst's, else the stage's, else the default one."""
        if name in self.options.param:
            return self.given(self.options.param[name], f"param:{name}", "", span)
        stage = self.stage(span).text
        for place in (f"params.{stage}", f"stages.{stage}.params", "params.default", "stages.default.params"):
            found = self.walk(self.service, f"{place}.{name}", f"param:{name}", span)
            if isinstance(found, Node):
                return found
        return self.given(None, f"param:{name}", f"pass --param {name}=VALUE", span)

    def output(self, address: str, span: Span) -> Node | None:
        """`cf:` - an output of a stack, where another template of this application is that stack."""
        stack, _, name = address.rpartition(".")
        value = self.given_by_others.stacks.get(stack, {}).get(name)
        if value is None:
            return None
        return Node(value, span, (Reason(f"another template of this application is the stack {stack}: {value}", span),))

    def aws(self, address: str, span: Span) -> Node:
        """`aws:` - the account, which is unknown here, and the region."""
        if address == "region":
            return self.region(span)
        if address == "accountId":
            return Node(ACCOUNT, span, (Reason("the account is known when the application is deployed", span),))
        # `${aws:username}` and similar names are policy variables: a different string for every caller.
        return Node(Pattern.any(f"aws:{address}"), span)

    def file(self, path: str, address: str, span: Span) -> Node | Miss:
        """`file()` - another file of the application; relative to the folder of the template."""
        name = posixpath.normpath(posixpath.join(self.folder, path.strip()))
        label = f"file({path}):{address}" if address else f"file({path})"
        if path.startswith("~") or name.startswith(("../", "/")) or name == "..":
            message = f"{path} lies outside of the application's folder and is not read: move it in."
            self.log.say("path-outside", message, span)
            return _unknown(label, span)
        if name.endswith(_PROGRAMS):
            message = f"{path} is a program and is never run; its value stays unknown: write the value as YAML."
            self.log.say("variable-program", message, span)
            return _unknown(label, span)
        if not name.endswith(_TREES):
            text = self.sources.text(name)
            if isinstance(text, Diagnostic):
                return self._unread(text, label, span)
            return Node(Pattern.of(text), span, (Reason(f"the text of {name}", Span(name, 1, 0, 1, 0)),))
        tree = self.sources.tree(name)
        if isinstance(tree, Diagnostic):
            return self._unread(tree, label, span)
        if tree is None:
            return Miss(f"{name} is empty or does not parse", span)
        return self.walk(tree, address, label, span)

    def led(self, kind: str, path: str, address: str) -> Led | None:
        """The mapping or list that `self:address` or `file(path):address` names, found without resolving it."""
        start: RawNode | Diagnostic | None = self.service
        if kind == "file":
            name = posixpath.normpath(posixpath.join(self.folder, path))
            outside = path.startswith("~") or name.startswith(("../", "/")) or name == ".."
            start = None if outside or not name.endswith(_TREES) else self.sources.tree(name)
        if not isinstance(start, RawNode):
            return None
        found = Led(start)
        for step in [*(address.split(".") if address else ()), None]:
            if isinstance(found.node.value, str):
                further = self.leads_to(found.node)
                if further is None:
                    return None
                found = Led(further.node, (*found.because, *further.because))
            if step is not None:
                below = _child(found.node, step)
                if not isinstance(below, RawNode):
                    return None
                found = Led(below, found.because)
        return found if isinstance(found.node.value, dict | tuple) else None

    def _unread(self, diagnostic: Diagnostic, label: str, span: Span) -> Node | Miss:
        if diagnostic.code == "file-missing":
            return Miss(diagnostic.message.rstrip(".").split(":")[0], span)
        self.log.say(diagnostic.code, diagnostic.message, diagnostic.span or span)
        return _unknown(label, span)

    def walk(self, start: RawNode, address: str, label: str, span: Span) -> Node | Miss:
        """The value at the dotted `address` below `start`; variables on the way are followed."""
        here: RawNode | Node = start
        trail: tuple[Reason, ...] = ()
        for step in address.split(".") if address else ():
            if isinstance(here, RawNode) and isinstance(here.value, str):
                led = self.leads_to(here)
                trail = (*trail, *(led.because if led else ()))
                here = led.node if led else self.resolve(here)
            if isinstance(here, Node) and here.because:
                trail = (*trail, *here.because)
            if isinstance(here, Node) and isinstance(here.value, Pattern) and not here.value.known:
                return Node(Pattern.fixed(label), span, (Reason(f"{label} lies in an unknown value", span), *trail))
            below = _child(here, step)
            if below is None:
                return Miss(f"{label} has no value", span)
            here = below
        found = self.resolve(here) if isinstance(here, RawNode) else here
        if found.value is None:
            return Miss(f"{label} has no value", span)
        return Node(found.value, found.span, (*trail, *(r for r in found.because if r not in trail)), found.key)


def _child(here: RawNode | Node, step: str) -> RawNode | Node | None:
    value = here.value
    if isinstance(value, tuple):
        return value[int(step)] if step.isascii() and step.isdigit() and int(step) < len(value) else None
    return here.mapping.get(step)


def _truth(text: str, span: Span) -> Node | Miss:
    value = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if value is None:
        return Miss(f"strToBool takes true, false, 1 or 0, not {text!r}", span)
    return Node(value, span)


def _unknown(label: str, span: Span) -> Node:
    return Node(Pattern.fixed(label), span, (Reason(f"{label} is known when the application is deployed", span),))
