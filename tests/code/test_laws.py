"""What holds for any source."""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sls_lab.code import enclosing_statement, parents, read_code, source_of, span_of
from sls_lab.code.interpret.joining import MAX_ALTERNATIVES, join, widen
from sls_lab.code.interpret.string_operations import (
    concatenation,
    joined_path,
    last_piece,
    method,
    replaced,
    sliced,
    split,
)
from sls_lab.code.interpret.values import Text
from sls_lab.facts import Hole, Pattern, Verdict
from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_bytes, parse_text
from tests.code.builder import function, template

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.rglob("*.py"))]

words = st.text("ab/.é", max_size=4)
patterns = st.lists(st.one_of(words, words.map(lambda label: Hole(f"h{label}"))), max_size=4).map(
    lambda p: Pattern.of(*p)
)


def filled(pattern: Pattern, fill: str) -> str:
    """The string that a pattern stands for when each hole holds `fill`."""
    return "".join(part if isinstance(part, str) else fill for part in pattern.parts)


def holds(pattern: Pattern, text: str) -> bool:
    """Whether a string is among those that a pattern describes."""
    return pattern.equals(text) is not Verdict.NO


@given(st.sampled_from(SOURCES), st.data())
def test_every_span_parses_to_its_node(source: str, data: st.DataObject) -> None:
    module = parse_text("x.py", source)
    assert isinstance(module, Module)
    nodes = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.expr) and not isinstance(node, ast.Slice | ast.Starred)
    ]
    above = parents(module)
    plain = [node for node in nodes if not in_fstring(node, above)]
    node = data.draw(st.sampled_from(plain or [ast.parse("1", mode="eval").body]))
    if not plain:
        return
    text = span_of(module, node).text_in(source)
    parsed = ast.parse(f"({text}\n)", mode="eval").body
    assert loaded(parsed) == loaded(node)
    statement = enclosing_statement(module, node)
    assert span_of(module, statement).contains(span_of(module, node)) or isinstance(
        statement, ast.FunctionDef | ast.ClassDef
    )
    assert source_of(module, node)


def loaded(node: ast.AST) -> str:
    """A node's dump in which targets look like values."""
    return ast.dump(node).replace("ctx=Store()", "ctx=Load()").replace("ctx=Del()", "ctx=Load()")


def in_fstring(node: ast.AST, above: object) -> bool:
    """Whether a node stands in an f-string, whose parts have no text of their own before Python 3.12."""
    assert isinstance(above, dict)
    while node in above:
        node = above[node]
        if isinstance(node, ast.JoinedStr):
            return True
    return isinstance(node, ast.JoinedStr)


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(max_size=80),
        st.binary(max_size=80),
        st.tuples(st.sampled_from(SOURCES), st.integers(0, 4000), st.integers(1, 60), st.text(max_size=5)).map(
            lambda cut: cut[0][: cut[1]] + cut[3] + cut[0][cut[1] + cut[2] :]
        ),
    )
)
def test_nothing_raises_out_of_read_code(source: str | bytes) -> None:
    data = source.encode(errors="surrogatepass") if isinstance(source, str) else source
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "handler.py").write_bytes(data)
        code = read_code(template(Path(folder), function("app")))
    assert set(code.handlers) | set(code.unseen) == {"app"}


LINES = st.lists(
    st.sampled_from(
        [
            "x = event",
            "x = x['k']",
            "x += 'a'",
            "x = [x, 'b']",
            "x = {'k': x}",
            "x = str(x).split('/')[0]",
            "for y in x: x = y + x",
            "while x: x = f'{x}.{y}'",
            "y = lambda z: (z, x)",
            "x = y(x)",
            "x, *y = x",
            "try: x = y",
            "s3.put_object(Key=x, **y)",
            "if x: return y",
            "x = s3.Bucket(x).Object(y)",
            "x.put(Body=y)",
            "with x as y: x = y",
            "x = handler(x, y)",
            "x = '%s' % y",
            "x = '{a}'.format(**y)",
            "class x(y): k = x",
            "x.k = y",
            "y = x()",
            "del x, y",
            "x = [y for y in x if y]",
            "x = yield y",
            "x = x[1:-1] or y",
            "x = json.loads(json.dumps(x))",
            "x = os.path.join('a', *x)",
            "import handler as y",
            "x = map(y, x)",
        ]
    ),
    max_size=14,
)


@settings(max_examples=150)
@given(LINES)
def test_any_program_is_followed(lines: list[str]) -> None:
    body = "".join(f"    {line}\n" + ("    except E as y: pass\n" if line.startswith("try") else "") for line in lines)
    head = "import boto3, json, os\ns3 = boto3.resource('s3')\ndef handler(event, y=None):\n    x = y\n"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "handler.py").write_text(head + body, encoding="utf-8")
        code = read_code(template(Path(folder), function("app")))
    assert set(code.handlers) == {"app"}
    assert code.unseen == {}


@given(st.binary(max_size=60))
def test_bytes_are_a_module_or_one_diagnostic(data: bytes) -> None:
    found = parse_bytes("x.py", data)
    assert isinstance(found, Module) or found.level == "error"


@given(patterns, words, words)
def test_string_methods_hold_for_what_the_holes_may_be(pattern: Pattern, fill: str, other: str) -> None:
    whole = filled(pattern, fill)
    for name in ("lower", "upper", "strip", "title", "lstrip", "rstrip"):
        result = method(name, pattern, [])
        assert result is not None
        if name != "strip" and "strip" not in name:
            assert holds(result, getattr(whole, name)())
    if other:
        assert holds(replaced(pattern, Pattern.of(other), Pattern.of("X")), whole.replace(other, "X"))
        assert holds(last_piece(pattern, other[0]), whole.split(other[0])[-1])
        pieces, rest = split(pattern, other[0], -1, False)
        exact = whole.split(other[0])
        for index, piece in enumerate(exact):
            known = pieces[index] if index < len(pieces) else rest
            assert known is not None
            assert holds(known, piece)


@given(patterns, words, st.integers(-3, 3) | st.none(), st.integers(-3, 3) | st.none())
def test_slices_hold(pattern: Pattern, fill: str, start: int | None, stop: int | None) -> None:
    assert holds(sliced(pattern, start, stop), filled(pattern, fill)[start:stop])


@given(st.lists(words, max_size=4))
def test_known_paths_are_joined_as_posixpath_does(parts: list[str]) -> None:
    import posixpath

    assert joined_path(map(Pattern.of, parts)).text == (posixpath.join(*parts) if parts else "")


@given(st.lists(patterns, min_size=1, max_size=20), words)
def test_a_join_holds_for_each_alternative(options: list[Pattern], fill: str) -> None:
    joined = join(*((Text(option),) for option in options))
    assert len(joined) <= MAX_ALTERNATIVES
    widened = widen((Text(options[0]),), joined)
    for option in options:
        text = filled(option, fill)
        assert any(isinstance(atom, Text) and holds(atom.pattern, text) for atom in joined)
        assert any(isinstance(atom, Text) and holds(atom.pattern, text) for atom in widened)


@given(patterns, patterns, words)
def test_concatenation(left: Pattern, right: Pattern, fill: str) -> None:
    assert holds(concatenation(left, right), filled(left, fill) + filled(right, fill))
