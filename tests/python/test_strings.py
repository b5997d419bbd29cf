"""Which expressions are texts that stay the same, and which are not."""

from __future__ import annotations

import ast

import pytest

from sls_lab.facts import Pattern
from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.python.scopes import scopes_around
from sls_lab.python.strings import Strings

PLACES = """
import os
from pathlib import Path
TMP = "/tmp"
REPORT = os.path.join(TMP, "report.txt")
TWICE = "a"
TWICE = "b"
CHANGED = "c"
class Places:
    STATE = TMP + "/state"
CIRCLE = CIRCLE_2
CIRCLE_2 = CIRCLE
def change():
    global CHANGED
    CHANGED = read()
"""


def test_texts_that_double_themselves_cost_nothing() -> None:
    lines = ['A0 = "x" + "y"', *(f"A{number} = A{number - 1} + A{number - 1}" for number in range(1, 200))]
    using = module("use.py", "\n".join([*lines, "def use():", "    return A199, A12, A11, A5"]))
    function = using.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    returned = function.body[0]
    assert isinstance(returned, ast.Return) and isinstance(returned.value, ast.Tuple)
    strings = Strings({"use.py": using})
    texts = [strings.text(one, (function, using.tree), using) for one in returned.value.elts]
    assert texts == [None, None, "xy" * 2**11, "xy" * 32]  # longer than 4,096 characters none is followed


def module(file: str, text: str, *names: str) -> Module:
    parsed = parse_text(file, text)
    assert isinstance(parsed, Module)
    return Module(parsed.file, parsed.text, parsed.tree, parsed.tokens, names)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'a'", "a"),
        ("REPORT", "/tmp/report.txt"),
        ("places.REPORT", "/tmp/report.txt"),
        ("renamed", "/tmp/report.txt"),
        ("Places.STATE", "/tmp/state"),
        ("Places.OTHER", None),
        ("Path(places.TMP, 'a', 'b')", "/tmp/a/b"),
        ("f'{places.TMP}/x'", "/tmp/x"),
        ("places.TMP + '/x'", "/tmp/x"),
        ("Path(places.TMP) / 'x'", "/tmp/x"),
        ("str(Path('/tmp', ))", "/tmp"),
        ("tempfile.gettempdir() + '/x'", "/tmp/x"),
        ("local", "/tmp/local"),
        ("relative", "/tmp"),
        ("places.TWICE", None),
        ("places.CHANGED", None),
        ("places.CIRCLE", None),
        ("places.NOTHING", None),
        ("parameter", None),
        ("either", None),
        ("f'{places.TMP!r}'", None),
        ("f'{places.TMP:>9}'", None),
        ("read()", None),
        ("1", None),
    ],
)
def test_the_text_of_an_expression(expression: str, text: str | None) -> None:
    using = module(
        "lib/use.py",
        f"""
import tempfile
from pathlib import Path
from lib import places
from lib.places import REPORT, REPORT as renamed, Places
from .places import TMP as relative
def use(parameter):
    local = "/tmp/local"
    if parameter:
        either = "a"
    else:
        either = "b"
    return {expression}
""",
        "lib.use",
    )
    modules = {"lib/use.py": using, "lib/places.py": module("lib/places.py", PLACES, "lib.places")}
    function = using.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    returned = function.body[-1]
    assert isinstance(returned, ast.Return) and returned.value is not None
    assert Strings(modules).text(returned.value, (function, using.tree), using) == text


PLACE = """
import os
import os.path as p
from os import path, environ, getenv
from os.path import join as put
from pathlib import Path, PurePosixPath as Pure
TMP = "/tmp"
NAMES = {"in": "incoming", "out": TMP + "/out"}
CHANGED = {"in": "incoming"}
CHANGED["in"] = read()
PAIR = ("a", "b")
def own():
    def str(x): return x
    def inside():
        return str("a")
def use(user, other):
    known = "known"
    return EXPRESSION
"""


def looked_up(expression: str, code: str = PLACE) -> list[str]:
    read = module("use.py", code.replace("EXPRESSION", expression))
    (returned,) = [node for node in ast.walk(read.tree.body[-1]) if isinstance(node, ast.Return)]
    assert returned.value is not None
    found = Strings().patterns(returned.value, scopes_around(read, returned.value), read)
    return [str(pattern) for pattern in found]


@pytest.mark.parametrize(
    ("expression", "strings"),
    [
        ("'a' + user + 'b'", ["a{user}b"]),
        ("f'{known}/{user}'", ["known/{user}"]),
        ("f'{known!s}{3}{None}'", ["known3None"]),
        ("f'{user!r}'", ["{user}"]),
        ("'%s/%s' % (TMP, user)", ["/tmp/{user}"]),
        ("'%s' % user", ["{user}"]),
        ("'a%sb%%' % known", ["aknownb%"]),
        ("'a%5d' % 3", ["a{3}"]),
        ("'%s-%s' % PAIR", ["{PAIR}-{PAIR}"]),
        ("'%(a)s%(b)s' % {'a': known, 'b': user}", ["known{user}"]),
        ("'%(a)s' % user", ["{user}"]),
        ("'%s %s' % (user,)", ["{(user,)} {(user,)}"]),
        ("'{}/{}'.format(TMP, user)", ["/tmp/{user}"]),
        ("'{1}{0}{x}'.format('a', 'b', x=user)", ["ba{user}"]),
        ("'{{{0:>9}'.format(known)", ["{{known}"]),
        ("'{0.name}'.format(user)", ["{user}"]),
        ("'{}{}'.format(*user)", ["{'{}{}'.format(*user)}{'{}{}'.format(*user)}"]),
        ("'a{'.format(user)", ["a{'a{'.format(user)}"]),
        ("','.join(['a', user, known])", ["a,{user},known"]),
        ("'/'.join(PAIR)", ["a/b"]),
        ("','.join(user)", ["{','.join(user)}"]),
        ("','.join(['a', *user])", ["{','.join(['a', *user])}"]),
        ("os.path.join(TMP, user)", ["/tmp/{user}"]),
        ("path.join('a/', 'b')", ["a/b"]),
        ("p.join('a', TMP)", ["/tmp"]),
        ("put('a', 'b')", ["a/b"]),
        ("str(Path(TMP) / user / 'x')", ["/tmp/{user}/x"]),
        ("Pure('a', 'b').as_posix()", ["a/b"]),
        ("os.fspath(Path('a'))", ["a"]),
        ("os.environ['TABLE'] + '/x'", ["{os.environ['TABLE']}/x"]),
        ("user or known", ["{user}", "known"]),
        ("('a' if user else 'b') + '/'", ["a/", "b/"]),
        ("(x := 'a') + 'b'", ["ab"]),
        ("NAMES['out']", ["/tmp/out"]),
        ("NAMES['x']", ["{NAMES['x']}"]),
        ("NAMES[user]", ["{NAMES[user]}"]),
        ("CHANGED['in']", ["{CHANGED['in']}"]),
        ("PAIR[0] + PAIR[-1]", ["ab"]),
        ("['a', *user, known][-1]", ["known"]),
        ("['a', *user][-1]", ["{['a', *user][-1]}"]),
        ("[*user, 'a'][0]", ["{[*user, 'a'][0]}"]),
        ("['a'][1] + ['a'][-2]", ["{['a'][1]}{['a'][-2]}"]),
        ("['a'][user]", ["{['a'][user]}"]),
        ("{**user, 'k': 'a'}['k']", ["a"]),
        ("{**NAMES, 'k': 'a'}['out']", ["/tmp/out"]),
        ("{'k': 'a', **user}['k']", ["{{'k': 'a', **user}['k']}"]),
        ("{'k': 'a', **NAMES}['k']", ["a"]),
        ("{'k': 'a', user: 'b'}['k']", ["{{'k': 'a', user: 'b'}['k']}"]),
        ("{user: 'b', 'k': 'a'}['k']", ["a"]),
        ("({'k': 'a'} | {'m': user})['k']", ["a"]),
        ("({'k': 'a'} | {'k': user})['k']", ["{user}"]),
        ("({'k': 'a'} | user)['k']", ["{({'k': 'a'} | user)['k']}"]),
        ("user._replace(k='a').k", ["a"]),
        ("user._replace(k='a').m", ["{user._replace(k='a').m}"]),
        ("' A '.strip().lower()", ["a"]),
        ("(' a' + user + 'b ').strip()", ["a{user}b"]),
        ("('A' + user).lower()", ["a{user}"]),
        ("'a-b'.replace('-', '/')", ["a/b"]),
        ("'a'.replace(user, 'b')", ["{'a'.replace(user, 'b')}"]),
        ("'a'.strip(1)", ["{'a'.strip(1)}"]),
        ("'a.txt'.removesuffix('.txt')", ["a"]),
        ("read()", ["{read()}"]),
        ("b'a'", ["{b'a'}"]),
        ("1 + 2", ["{1}{2}"]),
        ("str(12)", ["12"]),
        ("''", [""]),
        ("[known for known in user][0] + known", ["{[known for known in user][0]}known"]),
        ("[known for known in user]", ["{[known for known in user]}"]),
    ],
)
def test_what_is_put_together_is_told_in_pieces(expression: str, strings: list[str]) -> None:
    assert looked_up(expression) == strings


def test_an_own_function_is_not_the_one_that_it_is_called_like() -> None:
    code = "def str(x): return x\ndef use():\n    return EXPRESSION"
    assert looked_up("str('a')", code) == ["{str('a')}"]
    assert looked_up("'a' + os.environ['X']", "class os: environ = {}\ndef use():\n    return EXPRESSION") == [
        "a{os.environ['X']}"
    ]
    assert looked_up("Path('a')", "from mine import Path\ndef use():\n    return EXPRESSION") == ["{Path('a')}"]


ENUMERATION = """
import enum
from enum import Enum
class Tool(enum.Enum):
    LIST = "ls"
    DATE = "date"
class Mixed(str, Enum):
    ONE = "1"
    OTHER = read()
class Own(Enum):
    LIST = "ls"
    def __new__(cls, value):
        made = object.__new__(cls)
        made._value_ = read()
        return made
class Plain:
    LIST = "ls"
def use(user):
    tool = Tool(user)
    return EXPRESSION
"""


@pytest.mark.parametrize(
    ("expression", "strings"),
    [
        ("Tool(user).value + ' -l'", ["ls -l", "date -l"]),
        ("tool.name", ["LIST", "DATE"]),
        ("Tool.DATE.value", ["{Tool.DATE.value}"]),
        ("Mixed(user).value", ["1", "{read()}"]),
        ("Own(user).value", ["{Own(user).value}"]),
        ("Plain(user).value", ["{Plain(user).value}"]),
        ("user.value", ["{user.value}"]),
    ],
)
def test_a_member_of_an_enumeration_is_one_of_a_few(expression: str, strings: list[str]) -> None:
    assert looked_up(expression, ENUMERATION) == strings


def test_a_setting_is_nobodys_choice_and_what_is_given_is() -> None:
    code = PLACE.replace("EXPRESSION", 'f\'{getenv("A")}/{environ["B"]}{os.environ.get("C", user)}{user}\'')
    read = module("use.py", code)
    returned = next(node for node in ast.walk(read.tree.body[-1]) if isinstance(node, ast.Return))
    assert returned.value is not None
    pieces = Strings().pieces(returned.value, scopes_around(read, returned.value), read)
    assert [(piece.fixed, piece.setting) for piece in pieces] == [
        (True, True),
        (True, False),
        (True, True),
        (True, True),
        (False, False),
    ]
    assert [ast.unparse(piece.node) for piece in pieces][-1] == "user"
    assert pieces[-1].scopes[0] is read.tree.body[-1]


def test_what_is_known_elsewhere_counts() -> None:
    def ask(node: ast.expr) -> list[Pattern] | ast.expr | None:
        match node:
            case ast.Name(id="user"):
                return [Pattern.of("a"), Pattern.fixed("stage")]
            case ast.Name(id="other"):
                return ast.Constant("instead")
        return None

    read = module("use.py", PLACE.replace("EXPRESSION", "user + other"))
    returned = next(node for node in ast.walk(read.tree.body[-1]) if isinstance(node, ast.Return))
    assert returned.value is not None
    found = Strings(ask=ask).patterns(returned.value, scopes_around(read, returned.value), read)
    assert found == (Pattern.of("ainstead"), Pattern.fixed("stage") + "instead")


@pytest.mark.parametrize(
    "expression",
    [
        " + ".join(f"('a{number}' if user else 'b{number}')" for number in range(30)),
        "'" + "a" * 4000 + "'.replace('a', '" + "b" * 4000 + "')",
        "'%9999999999d' % 1",
        "'{:>9999999999}'.format('a')",
        "'{99999999999999999999999}'.format('a')",
        "(" * 60 + "'a'" + " + user)" * 60,
    ],
)
def test_what_would_grow_without_bound_stays_small(expression: str) -> None:
    found = looked_up(expression)
    assert len(found) <= 16 and sum(map(len, found)) < 20_000


def test_an_element_of_a_list_that_the_code_does_not_write_is_any() -> None:
    using = module("use.py", "def use():\n    return ['a', 'b'][1]")
    written = next(node for node in ast.walk(using.tree) if isinstance(node, ast.Subscript))
    built = ast.Subscript(written.value, ast.Constant(1), ast.Load())
    strings = Strings({"use.py": using})
    assert strings.text(written, (using.tree,), using) == "b"
    assert strings.text(built, (using.tree,), using) is None
