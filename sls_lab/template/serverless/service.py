"""One `serverless.yml`, its variables resolved, with what every part of its reader needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.cloudformation.intrinsics import resolve_intrinsics
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.model import Options
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log


@dataclass(frozen=True, slots=True)
class ServerlessService:
    """The template `file` below `root`; `tree` still holds intrinsic functions, which `scope` resolves.

    `folder` is the template's folder relative to `root` ("" for `root` itself). `name`, `stage` and `region` are what
    the framework builds names from. `outputs` is what `resources` declare as such.
    """

    root: Path
    file: str
    folder: str
    tree: Node
    name: Pattern
    stage: Pattern
    region: Pattern
    scope: Scope
    options: Options
    log: Log
    outputs: Node | None = None

    def get(self, *path: str) -> Node | None:
        """The node at `path` as written (intrinsic functions not resolved); None for a null as well."""
        node = self.tree.get(*path)
        return node if node is not None and node.value is not None else None

    def resolved(self, node: Node) -> Node:
        """`node` with its intrinsic functions resolved; it keeps its key's place."""
        found = resolve_intrinsics(node, self.scope)
        return found if found.key == node.key else Node(found.value, found.span, found.because, node.key)

    def find(self, *path: str) -> Node | None:
        """The node at `path`, resolved."""
        node = self.get(*path)
        return self.resolved(node) if node is not None else None

    def truth(self, node: Node | None, default: bool = False) -> bool:
        """Whether a switch is on; `default` where it is not set or not known."""
        if node is None:
            return default
        written = node.pattern.text if node.pattern is not None else None
        return {"true": True, "false": False}.get((written or "").lower(), default)

    @property
    def plugins(self) -> tuple[str, ...] | None:
        """The names of the plugins, None where they are not known."""
        node = self.get("plugins")
        if node is not None and node.mapping:
            node = node.get("modules")
        if node is None:
            return ()
        names = tuple(item.text for item in node.listed())
        known = tuple(name for name in names if name is not None)
        return known if len(known) == len(names) else None

    def uses(self, plugin: str) -> bool:
        """Whether the template loads `plugin`; a list of plugins that is not known may hold it."""
        plugins = self.plugins
        return plugins is None or plugin in plugins


def entries(node: Node | None, log: Log, what: str) -> Iterator[tuple[str, Node]]:
    """The entries of a mapping or of a list of mappings, in order, a later one in place of an earlier one.

    The framework takes both for `functions` and `resources`
    (https://www.serverless.com/framework/docs/providers/aws/guide/functions). What is not known gives a diagnostic.
    """
    found: dict[str, Node] = {}
    for item in node.listed() if node is not None else ():
        if isinstance(item.value, Mapping):
            found.update(item.mapping)
        elif isinstance(item.value, tuple):
            found.update(entries(item, log, what))
        elif item.value is not None:
            message = f"These {what} are not known here ({item.pattern}), so they are not analysed: write them as YAML."
            log.say(f"{what.replace(' ', '-')}-unknown", message, item.span)
    yield from found.items()


def keyed_span(node: Node) -> Span:
    """The place of a mapping's entry, its key included."""
    key, end = node.key, node.span
    if key is None:
        return node.span
    if end.file != key.file or (end.end_line, end.end_column) < (key.end_line, key.end_column):
        return key
    return Span(key.file, key.line, key.column, end.end_line, end.end_column)


def text_node(text: str | Pattern, span: Span, because: Iterable[Reason] = ()) -> Node:
    """A node for what the framework adds."""
    return Node(text if isinstance(text, Pattern) else Pattern.of(text), span, tuple(because))


def list_node(items: Iterable[Node], span: Span) -> Node:
    """A list that the framework puts together."""
    return Node(tuple(items), span)


def mapping_node(entries: Mapping[str, Node], span: Span) -> Node:
    """A mapping that the framework puts together."""
    return Node(MappingProxyType(dict(entries)), span)
