"""Applications made wrong: the examples of the kit, changed by chance, and always in the same way for one number."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import yaml

EXAMPLES: Final = Path(__file__).parents[2] / "code-examples"
_TEMPLATES: Final = (".yml", ".yaml", ".json", ".template")
_IGNORED: Final = ("expected.yml", "recorded.json")

_WORDS: Final = (
    *(b"\xe9", b"\0", b"\r", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", "é".encode(), "\u202e".encode(), "\u2028".encode()),
    *(b"${self:", b"${file(", b"${opt:stage}", b"!Ref ", b"!Sub '", b"Fn::GetAtt", b"&a ", b"*a", b"<<: *a", b"---\n"),
    *(b"{", b"}", b"[", b"]", b'"', b"'", b":", b"- ", b"#", b"*" * 3000, b"? ", b"!!python/object/apply:os.system "),
    *(b"(", b")", b"lambda: ", b"await ", b"yield ", b"async ", b":=", b"**", b"%*d", b'f"{', b"'''", b"\\", b"\x0c"),
    *(b"# coding: utf-7\n", b"import os\n", b"from x import *\n", b"global event\n", b"return\n", b"type X = int\n"),
)
_ODD_VALUES: Final = (
    *("", "*", "**", "${self:custom}", "${AWS::Region}", "arn:aws:s3:::*", "a" * 3000, "../../etc/passwd", "~", "null"),
    *("0777", "1e999", "on", "2024-01-01", "\u202e", "é", "%s%n", "{}", "[l](javascript:alert(1))", "os.system", "-"),
)
_ODD_EXPRESSIONS: Final = (
    *("None", "...", "event", "lambda *a, **k: a", "[x for x in event]", "f'{event!r:>{9}}'", "'%*d' % (5, 1)", "-1"),
    *(
        "{**event}",
        "[*event]",
        "(y := event)",
        "10 ** 1000",
        "'a' * 100000",
        "b'\\xff'",
        "event['a']['b']",
        "'\\ud800'",
    ),
    *("__import__('os').system", "(lambda: 1)()", "not event", "1 if event else 2", "event @ event", "'x'.join(event)"),
)


@dataclass(frozen=True)
class Specimen:
    """One application: `files` and `links` by path; `touched` is the file that was changed, `how` says it in words."""

    number: int
    name: str
    files: Mapping[str, bytes]
    touched: str
    how: str
    links: Mapping[str, str] = field(default_factory=dict)

    def write(self, root: Path) -> Path:
        """Write it below `root`; returns its folder."""
        folder = root / self.name
        for name, data in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        for name, target in self.links.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(target)
        return folder


@cache
def seeds() -> tuple[tuple[str, Mapping[str, bytes]], ...]:
    """The applications that are changed: every example of the kit."""
    found = []
    for folder in sorted(path.parent for path in EXAMPLES.glob("*/*/expected.yml")):
        names = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name not in _IGNORED]
        kept = [file for file in names if file.suffix in (*_TEMPLATES, ".py", ".toml")]
        found.append((folder.name, {file.relative_to(folder).as_posix(): file.read_bytes() for file in kept}))
    return tuple(found)


def specimen(seed: int, number: int) -> Specimen:
    """The specimen of this number: the same for the same seed, whatever was made before."""
    chance = random.Random(f"{seed}:{number}")
    name, files = chance.choice(seeds())
    code = [file for file in files if file.endswith(".py")]
    templates = [file for file in files if file.endswith(_TEMPLATES)]
    kind = chance.choice(["template bytes", "template tree", "code bytes", "code tree", "code tree", "place"])
    if kind == "place":
        return _displaced(chance, number, name, files, chance.choice([*code, *templates]))
    touched = chance.choice(templates if kind.startswith("template") or not code else code)
    change = {"template tree": _changed_yaml, "code tree": _changed_python}.get(kind, _changed_bytes)
    data = files[touched]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = change(chance, data)
    return Specimen(number, name, {**files, touched: data}, touched, f"{kind} of {touched}")


def _changed_bytes(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 2, 8, 40, 400)))
    match chance.randrange(7):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:start] + bytes([chance.randrange(256)]) + data[start + 1 :]
        case 2:
            return data[:start]
        case 3:
            return data[:end] + data[start:end] * chance.choice((1, 2, 50, 1000)) + data[end:]
        case 4:
            other = chance.randrange(len(data) + 1)
            return data[:start] + data[other : other + 40] + data[start:]
        case 5:
            return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"\n ")))
        case _:
            return data[:start] + chance.choice(_WORDS) + data[start:]


def _nodes(node: yaml.Node, seen: set[int]) -> Iterator[yaml.Node]:
    if id(node) in seen:
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(key, seen)
            yield from _nodes(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nodes(item, seen)


def _changed_yaml(chance: random.Random, data: bytes) -> bytes:
    try:
        tree = yaml.compose(data, Loader=yaml.SafeLoader)
        nodes = [] if tree is None else list(_nodes(tree, set()))
        _change_node(chance, chance.choice(nodes), nodes)
        return str(yaml.serialize(tree, Dumper=yaml.SafeDumper)).encode("utf-8", "replace")
    except (yaml.YAMLError, UnicodeDecodeError, AttributeError, RecursionError, IndexError):
        return _changed_bytes(chance, data)  # an earlier change has made it no tree


def _change_node(chance: random.Random, node: yaml.Node, nodes: list[yaml.Node]) -> None:
    collections = [one for one in nodes if isinstance(one, yaml.CollectionNode) and one.value]
    match chance.randrange(6):
        case 0 if isinstance(node, yaml.ScalarNode):
            node.value = chance.choice(_ODD_VALUES)
        case 1 if collections:
            chosen = chance.choice(collections)
            del chosen.value[chance.randrange(len(chosen.value))]
        case 2 if collections:
            chosen = chance.choice(collections)
            chosen.value += [chance.choice(chosen.value)] * chance.choice((1, 1, 3, 200))
        case 3:
            other = chance.choice(nodes)
            if type(other) is type(node) and other is not node:
                node.value, other.value = other.value, node.value
        case 4 if isinstance(node, yaml.ScalarNode):
            node.tag = chance.choice(("!Ref", "!GetAtt", "!Sub", "!Nothing", "tag:yaml.org,2002:binary"))
        case _:
            node.value = [] if isinstance(node, yaml.CollectionNode) else chance.choice(_ODD_VALUES)


def _changed_python(chance: random.Random, data: bytes) -> bytes:
    try:
        tree = ast.parse(data)
        nodes = list(ast.walk(tree))
        _PYTHON_CHANGES[chance.randrange(len(_PYTHON_CHANGES))](chance, tree, nodes)
        return ast.unparse(ast.fix_missing_locations(tree)).encode("utf-8", "replace")
    except (SyntaxError, ValueError, RecursionError, AttributeError, TypeError, IndexError):
        return _changed_bytes(chance, data)


def _blocks(nodes: list[ast.AST]) -> list[list[ast.stmt]]:
    found = [getattr(node, name, None) for node in nodes for name in ("body", "orelse", "finalbody")]
    return [block for block in found if isinstance(block, list) and block and isinstance(block[0], ast.stmt)]


def _replace_expression(chance: random.Random, _tree: ast.Module, nodes: list[ast.AST]) -> None:
    holders = [
        (node, name)
        for node in nodes
        for name, value in ast.iter_fields(node)
        if isinstance(value, ast.expr) and isinstance(getattr(value, "ctx", ast.Load()), ast.Load)
    ]
    node, name = chance.choice(holders)
    others = [other for other in nodes if isinstance(other, ast.expr) and isinstance(other, ast.Call | ast.Subscript)]
    odd = ast.parse(chance.choice(_ODD_EXPRESSIONS), mode="eval").body
    setattr(node, name, chance.choice(others) if others and chance.random() < 0.4 else odd)


def _remove_statement(chance: random.Random, _tree: ast.Module, nodes: list[ast.AST]) -> None:
    block = chance.choice(_blocks(nodes))
    block.pop(chance.randrange(len(block)))
    if not block:
        block.append(ast.Pass())


def _repeat_statement(chance: random.Random, _tree: ast.Module, nodes: list[ast.AST]) -> None:
    block, other = chance.choice(_blocks(nodes)), chance.choice(_blocks(nodes))
    block.insert(chance.randrange(len(block) + 1), chance.choice(other))


_WRAPPERS: Final = (
    "if event:\n    pass",
    "try:\n    pass\nexcept (KeyError, ValueError) as error:\n    raise\nelse:\n    x = 1\nfinally:\n    y = 2",
    "with open('/tmp/x') as f, lock:\n    pass",
    "while True:\n    pass",
    "for a, *b in event:\n    pass",
    "match event:\n    case {'a': x, **rest}:\n        pass\n    case [x, *_] | x:\n        pass",
    "def inner(*args, key=None, **more):\n    pass",
    "async def inner(event):\n    pass",
    "class Inner(dict, metaclass=type):\n    pass",
    "@staticmethod\ndef wrapped(event):\n    pass",
)


def _wrap_statement(chance: random.Random, _tree: ast.Module, nodes: list[ast.AST]) -> None:
    block = chance.choice(_blocks(nodes))
    place = chance.randrange(len(block))
    (wrapper,) = ast.parse(chance.choice(_WRAPPERS)).body
    hole = next(inner for inner in ast.walk(wrapper) if isinstance(getattr(inner, "body", None), list))
    inner_block = getattr(wrapper, "cases", [hole])[0].body
    inner_block[:] = [block[place]]
    block[place] = wrapper


def _rename(chance: random.Random, _tree: ast.Module, nodes: list[ast.AST]) -> None:
    names = sorted({node.id for node in nodes if isinstance(node, ast.Name)})
    old, new = chance.choice(names), chance.choice([*names, "event", "größe", "self", "os", "print", "_"])
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new


def _deepen(chance: random.Random, _tree: ast.Module, nodes: list[ast.AST]) -> None:
    assigned = chance.choice([node for node in nodes if isinstance(node, ast.Assign | ast.Return) and node.value])
    value = assigned.value or ast.Constant(None)
    for _ in range(chance.choice((3, 30, 90))):
        value = ast.Tuple([value, value] if chance.random() < 0.02 else [value], ast.Load())
    assigned.value = value


_PYTHON_CHANGES: Final[tuple[Callable[[random.Random, ast.Module, list[ast.AST]], None], ...]] = (
    *(_replace_expression, _replace_expression, _remove_statement, _repeat_statement, _wrap_statement, _rename),
    _deepen,
)


def _displaced(chance: random.Random, number: int, name: str, files: Mapping[str, bytes], touched: str) -> Specimen:
    """A file in another place, twice, linked, or beside one that hides it."""
    rest = {file: data for file, data in files.items() if file != touched}
    folder, _, base = touched.rpartition("/")
    match chance.randrange(6):
        case 0:
            new = f"{chance.choice(('build', '.hidden', 'dist', 'node_modules', 'env'))}/{touched}"
            return Specimen(number, name, {**rest, new: files[touched]}, new, f"{touched} moved to {new}")
        case 1:
            new = f"{folder}/real.txt".lstrip("/")
            made = {**rest, new: files[touched]}
            return Specimen(number, name, made, touched, f"{touched} is a link", {touched: "real.txt"})
        case 2:
            return Specimen(number, name, rest, touched, f"{touched} leads out", {touched: "../" * 9 + "etc/hostname"})
        case 3:
            new = f"{folder}/{chance.choice(('os', 'json', 'sys', 'boto3', 'logging', 'subprocess'))}.py".lstrip("/")
            data = b"def system(x):\n    return None\n\n\ndef loads(x):\n    return {}\n"
            return Specimen(number, name, {**files, new: data}, new, f"{new} stands beside")
        case 4:
            new = f"again/{base}"
            return Specimen(number, name, {**files, new: files[touched]}, new, f"{touched} stands twice")
        case _:
            return Specimen(number, name, {**files, touched: b""}, touched, f"{touched} is empty")
