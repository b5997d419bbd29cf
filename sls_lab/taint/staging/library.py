"""Of a collection of stubs, what some code can come to: the rest need be neither parsed nor given types.

Code gets at something in a library by its name. A name that is written nowhere in the code, in its models and in the
other stubs that are read cannot be asked for, but for what the language asks for by itself (names between `__`) and
what makes a class pass for a protocol. What has such a name is taken, with all that its own text mentions; of a class
that is mentioned, its head and those of its members whose names are written. So each expression of the code has the
type that the whole collection would give it.

The stubs are in a plain form: one statement a line, imports absolute, no comments, docstrings, conditions or `*`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

_CHAIN = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_NAME = re.compile(r"[A-Za-z_]\w*")
_QUOTED = re.compile(r"'(\w+)'")
_STATEMENT = re.compile(
    r"(?:async )?def (?P<function>\w+)"
    r"|class (?P<class>\w+)"
    r"|from (?P<source>[\w.]+) import (?P<member>\w+)(?: as (?P<alias>\w+))?$"
    r"|import (?P<module>[\w.]+)(?: as (?P<module_alias>\w+))?$"
    r"|(?P<assigned>\w+)\s*[:=]"
)
#: Classes whose members are known by their order, or by what is written in a call, so that all of them count.
_WHOLE = re.compile(r"^class .*\b(NamedTuple|TypedDict)\b|^@.*\bdataclass", re.MULTILINE)
_BUILTINS = "builtins"
_EXPORTED = "__all__"


def is_asked_for_by_python(name: str) -> bool:
    """Whether the language itself asks for a name, as it does for `__iter__`."""
    return name.startswith("__") and name.endswith("__")


@dataclass(frozen=True, slots=True)
class StubStatement:
    """One statement of a stub: the name that it binds, and its lines with those of its decorators and members.

    An import has the module as it is written, and the name in it where one is imported.
    """

    name: str
    lines: tuple[str, ...]
    source: str = ""
    member: str = ""

    @property
    def is_class(self) -> bool:
        """Whether it declares a class."""
        return any(line.startswith("class ") for line in self.lines)

    @property
    def is_assigned(self) -> bool:
        """Whether it gives a name a value."""
        return not self.is_class and self.lines[0].startswith(self.name) and "=" in self.lines[0]

    @property
    def path(self) -> tuple[str, ...]:
        """Where in the imported module to find what it imports."""
        return (self.member,) if self.member else ()

    @property
    def bound(self) -> str:
        """The module of which it binds a member, or that it binds: for `import a.b` it is `a`."""
        return self.source if self.member or self.source.partition(".")[0] != self.name else self.name


def statements(lines: Iterable[str]) -> Iterator[StubStatement]:
    """The statements among lines of a stub, none of them indented as a whole."""
    gathered: list[str] = []
    for line in _one_name_each(lines):
        continued = line.startswith(" ") or (gathered and gathered[-1].startswith("@"))
        if gathered and not continued:
            yield _statement(gathered)
            gathered = []
        gathered.append(line)
    if gathered:
        yield _statement(gathered)


def _one_name_each(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        head, imports, names = line.partition(" import ")
        if imports and head.startswith("from "):
            yield from (f"{head} import {name}" for name in names.split(", "))
        else:
            yield line


def _statement(lines: list[str]) -> StubStatement:
    head = next(line for line in lines if not line.startswith(("@", " ")))
    found = _STATEMENT.match(head)
    if found is None:
        raise ValueError(f"no statement of a stub in its plain form: {head}")
    if found["module"]:
        return StubStatement(found["module_alias"] or found["module"].partition(".")[0], tuple(lines), found["module"])
    if found["source"]:
        return StubStatement(found["alias"] or found["member"], tuple(lines), found["source"], found["member"])
    return StubStatement(found["function"] or found["class"] or found["assigned"], tuple(lines))


class _Module:
    """One stub, and which of its statements are taken, each with the text that is left of it."""

    def __init__(self, text: str) -> None:
        self.statements = tuple(statements(text.splitlines()))
        self.places: dict[str, list[int]] = {}
        for place, statement in enumerate(self.statements):
            self.places.setdefault(statement.name, []).append(place)
        self.taken: dict[int, str] = {}

    def binding(self, name: str) -> list[StubStatement]:
        """The statements that bind a name."""
        return [self.statements[place] for place in self.places.get(name, ())]

    def text(self) -> str:
        """What is left of the stub."""
        names = {self.statements[place].name for place in self.taken}
        lines = [text for _, text in sorted(self.taken.items())]
        for statement in self.binding(_EXPORTED):
            exported = [name for name in _QUOTED.findall(statement.lines[0]) if name in names]
            lines.append(f"{_EXPORTED} = {exported!r}")
        return "".join(f"{line}\n" for line in lines)


class StubLibrary:
    """A choice among stubs, given as texts by the names of their modules. It grows by what is asked of it."""

    def __init__(self, texts: Mapping[str, str], words: Set[str], members: Set[str] = frozenset()) -> None:
        """`words` are all names that are written in what uses the library, `members` those that protocols ask for."""
        self._texts = texts
        self._members = words | members
        self._modules: dict[str, _Module] = {}
        self._asked: set[tuple[str, str]] = set()
        self._followed: set[tuple[str, ...]] = set()
        self._open: list[tuple[str, str]] = []
        for module in texts:
            if module == _BUILTINS or words >= {*module.split(".")}:
                self._take_module(module)
                for name in self._modules[module].places.keys() & words:
                    self._ask(module, name)
        self._settle()

    def take(self, module: str, name: str) -> None:
        """Take what a dotted name means in a module: all of it for `*`, the module alone for an empty one."""
        if name == "*" and module in self._texts:
            self._take_module(module)
            for one in self._modules[module].places:
                self._ask(module, one)
        else:
            self._follow(module, tuple(name.split(".")) if name else ())
        self._settle()

    def chosen(self) -> dict[str, str]:
        """What is taken of each module of which anything is, and of each package around one."""
        return {name: module.text() for name, module in self._modules.items()}

    def _take_module(self, name: str) -> None:
        """Take a module with the packages around it, and what Python asks of it by itself."""
        while name:
            if name in self._texts and name not in self._modules:
                module = self._modules[name] = _Module(self._texts[name])
                for one in module.places:
                    if is_asked_for_by_python(one):
                        self._ask(name, one)
            name = name.rpartition(".")[0]

    def _ask(self, module: str, name: str) -> None:
        if (module, name) not in self._asked and name != _EXPORTED:
            self._asked.add((module, name))
            self._open.append((module, name))

    def _settle(self) -> None:
        """Take what is asked for, and what that mentions, until nothing is open."""
        while self._open:
            name, wanted = self._open.pop()
            module = self._modules[name]
            for place in module.places[wanted]:
                statement = module.statements[place]
                module.taken[place] = text = "\n".join(_left_of(statement, self._members))
                if statement.source:
                    self._follow(statement.source, statement.path)
                else:
                    for chain in set(_CHAIN.findall(text)):
                        self._resolve(name, tuple(chain.split(".")))

    def _resolve(self, name: str, chain: tuple[str, ...]) -> None:
        """Take what a dotted name means in the scope of a module."""
        found = self._modules[name].binding(chain[0])
        if found:
            self._ask(name, chain[0])
            for statement in found:
                if statement.source:
                    self._follow(statement.bound, (*statement.path, *chain[1:]))
        elif name != _BUILTINS and _BUILTINS in self._texts:
            self._follow(_BUILTINS, chain[:1])

    def _follow(self, name: str, chain: tuple[str, ...]) -> None:
        """Take what a dotted name means in a module, or in a module of a package."""
        if name not in self._texts or (name, *chain) in self._followed:
            return
        self._followed.add((name, *chain))
        self._take_module(name)
        if not chain:
            return
        self._follow(f"{name}.{chain[0]}", chain[1:])
        for statement in self._modules[name].binding(chain[0]):
            self._ask(name, chain[0])
            if statement.source:
                self._follow(statement.bound, (*statement.path, *chain[1:]))


def _left_of(statement: StubStatement, names: Set[str]) -> Iterable[str]:
    """The lines of a statement that count where only members with one of some names can be asked for."""
    if not statement.is_class or _WHOLE.search("\n".join(statement.lines)):
        return statement.lines
    head = [line for line in statement.lines if not line.startswith(" ")]
    members = list(statements(line[4:] for line in statement.lines if line.startswith(" ")))
    wanted = {one.name for one in members if one.name in names or is_asked_for_by_python(one.name)}
    unread = [one for one in members if one.name in wanted]
    while unread:  # a member may mention a class of its own class, or a name that is assigned, and such a one any other
        one = unread.pop()
        mentioned = set(_NAME.findall("\n".join(one.lines)))
        for other in members:
            if other.name in mentioned - wanted and (one.is_assigned or other.is_assigned or other.is_class):
                wanted.add(other.name)
                unread.append(other)
    lines = [f"    {line}" for one in members if one.name in wanted for line in one.lines]
    return [*head, *lines] if lines else [*head[:-1], head[-1].removesuffix(" ...") + " ..."]
