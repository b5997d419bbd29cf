"""What each class of Python's syntax trees is, in one sentence of our own, with a link to Python's documentation.

It holds the classes of Python 3.11 to 3.13: those that nodes have, and the groups (such as `stmt`) they belong to.
"""

from __future__ import annotations

from typing import Final

_DOCUMENTATION: Final = "https://docs.python.org/3/library/ast.html"

#: The groups that node classes belong to; no node is of these classes themselves.
GROUPS: Final[dict[str, str]] = {
    "AST": "Every node of a syntax tree.",
    "mod": "The root of a tree: what is parsed as a whole.",
    "stmt": "A statement: something that is done, on one line or as a block.",
    "expr": "An expression: something that has a value.",
    "expr_context": "What happens to a name, an attribute or an element: it is read, written or deleted.",
    "boolop": "The word that joins conditions.",
    "operator": "The operator between two values.",
    "unaryop": "The operator before one value.",
    "cmpop": "The operator of a comparison.",
    "excepthandler": "What is done about an exception.",
    "pattern": "What a `case` compares with.",
    "type_ignore": "A comment that silences a type checker.",
    "type_param": "A type parameter in square brackets after a name (from Python 3.12 on).",
}

#: The classes that nodes have, by group.
CLASSES: Final[dict[str, dict[str, str]]] = {
    "mod": {
        "Module": "A whole file: its statements in their order.",
        "Interactive": "One input at the prompt of an interactive session.",
        "Expression": "One expression parsed alone, as `eval` does it.",
        "FunctionType": "The types in an old type comment, `(int) -> str`.",
    },
    "stmt": {
        "FunctionDef": "A function definition: name, parameters, body and decorators; a handler is one.",
        "AsyncFunctionDef": "A function definition that begins with `async def`.",
        "ClassDef": "A class definition: name, base classes, body and decorators.",
        "Return": "Ends the function, and gives its value where one is written.",
        "Delete": "Removes names, attributes or elements: `del x`.",
        "Assign": "Gives the value on the right to each target on the left.",
        "TypeAlias": "Gives a type a name: `type Key = str` (from Python 3.12 on).",
        "AugAssign": "Changes a target by an operator: `total += 1`.",
        "AnnAssign": "A target with a type annotation, with or without a value: `table: Table = ...`.",
        "For": "Repeats its body for each element; `orelse` runs when the loop was not broken off.",
        "AsyncFor": "A `for` loop that waits for each element.",
        "While": "Repeats its body as long as the condition holds.",
        "If": "Runs its body if the condition holds, else `orelse`; an `elif` is an If in `orelse`.",
        "With": "Runs its body inside context managers: `with open(path) as file:`.",
        "AsyncWith": "A `with` block whose context managers are waited for.",
        "Match": "Compares a value with one pattern after the other.",
        "Raise": "Raises an exception; `cause` is what comes after `from`.",
        "Try": "Runs its body, and a handler if an exception is raised.",
        "TryStar": "A `try` whose handlers are written `except*`: each takes its part of a group of exceptions.",
        "Assert": "Raises AssertionError unless the condition holds.",
        "Import": "Imports modules: `import boto3`.",
        "ImportFrom": "Imports names from a module: `from os import environ`; `level` counts the leading dots.",
        "Global": "Says that names in this function mean those of the module.",
        "Nonlocal": "Says that names in this function mean those of a function around it.",
        "Expr": "An expression that is a statement on its own: its value is dropped, as after a call.",
        "Pass": "Does nothing, where a statement is required.",
        "Break": "Leaves the innermost loop.",
        "Continue": "Goes on with the next round of the innermost loop.",
    },
    "expr": {
        "BoolOp": "Conditions joined by `and` or `or`; three of them are one node with three values.",
        "NamedExpr": "Gives a value a name inside an expression: `(n := len(keys))`.",
        "BinOp": "Two values with an operator between them: `prefix + key`.",
        "UnaryOp": "An operator before one value: `not found`.",
        "Lambda": "A function without a name, of one expression.",
        "IfExp": "A choice between two values: `a if condition else b`.",
        "Dict": "A dictionary written out; a key of None stands for `**` before a value.",
        "Set": "A set written out: `{1, 2}`.",
        "ListComp": "A list made in a loop: `[f(x) for x in xs]`.",
        "SetComp": "A set made in a loop: `{f(x) for x in xs}`.",
        "DictComp": "A dictionary made in a loop: `{k: v for k, v in pairs}`.",
        "GeneratorExp": "Values made one at a time in a loop: `sum(x for x in xs)`.",
        "Await": "Waits for a coroutine.",
        "Yield": "Hands a value out of a generator.",
        "YieldFrom": "Hands out all values of another generator.",
        "Compare": "A comparison; `a < b < c` is one node with two operators.",
        "Call": "A call: `func` is what is called, with positional arguments in `args` and named ones in `keywords`.",
        "FormattedValue": "One `{...}` of an f-string: a value, how it is converted, and its format.",
        "JoinedStr": "An f-string: its fixed texts and its `{...}` parts in their order.",
        "Constant": "A value written out: a string, a number, True, False, None or `...`.",
        "Attribute": "A name after a dot: `os.environ` is the attribute `environ` of `os`.",
        "Subscript": "The item at a key or an index: `event['body']`.",
        "Starred": "A star before a value that is taken apart: `f(*args)`.",
        "Name": "A name: `ctx` says whether it is read, written or deleted.",
        "List": "A list written out: `[1, 2]`.",
        "Tuple": "A tuple written out: `1, 2`, with or without parentheses.",
        "Slice": "A stretch of a sequence: `1:10:2` between square brackets.",
    },
    "expr_context": {
        "Load": "The value is read.",
        "Store": "The value is written.",
        "Del": "The value is deleted.",
    },
    "boolop": {
        "And": "`and`: all conditions must hold.",
        "Or": "`or`: one condition is enough.",
    },
    "operator": {
        "Add": "`+`: the sum of numbers, or two strings joined.",
        "Sub": "`-`: the difference.",
        "Mult": "`*`: the product, or something repeated.",
        "MatMult": "`@`: the product of matrices.",
        "Div": "`/`: the quotient; of two paths, the one below the other.",
        "Mod": "`%`: the remainder; of a string, values put into their places.",
        "Pow": "`**`: the power.",
        "LShift": "`<<`: bits moved to the left.",
        "RShift": "`>>`: bits moved to the right.",
        "BitOr": "`|`: bits of either; of two types, one or the other.",
        "BitXor": "`^`: bits of one but not both.",
        "BitAnd": "`&`: bits of both.",
        "FloorDiv": "`//`: the quotient rounded down.",
    },
    "unaryop": {
        "Invert": "`~`: all bits turned over.",
        "Not": "`not`: the opposite.",
        "UAdd": "`+` before a number.",
        "USub": "`-` before a number.",
    },
    "cmpop": {
        "Eq": "`==`: equal.",
        "NotEq": "`!=`: not equal.",
        "Lt": "`<`: less.",
        "LtE": "`<=`: less or equal.",
        "Gt": "`>`: greater.",
        "GtE": "`>=`: greater or equal.",
        "Is": "`is`: the same object.",
        "IsNot": "`is not`: another object.",
        "In": "`in`: one of the elements.",
        "NotIn": "`not in`: none of the elements.",
    },
    "excepthandler": {
        "ExceptHandler": "One `except` block: the exceptions it takes, the name they get, and its body.",
    },
    "pattern": {
        "MatchValue": "Matches what equals a value.",
        "MatchSingleton": "Matches None, True or False themselves.",
        "MatchSequence": "Matches a sequence, element by element.",
        "MatchMapping": "Matches a mapping that has these keys.",
        "MatchClass": "Matches an object of a class by its attributes.",
        "MatchStar": "Matches the rest of a sequence: `*rest`.",
        "MatchAs": "Matches anything, or what its pattern matches, and may give it a name; `_` is one without a name.",
        "MatchOr": "Matches what one of several patterns matches.",
    },
    "type_ignore": {
        "TypeIgnore": "A comment `# type: ignore`, where such comments are asked for.",
    },
    "type_param": {
        "TypeVar": "A type parameter: `T` in `def first[T](items)` (from Python 3.12 on).",
        "ParamSpec": "A parameter that stands for a function's parameters: `**P` (from Python 3.12 on).",
        "TypeVarTuple": "A parameter that stands for several types: `*Ts` (from Python 3.12 on).",
    },
    "AST": {
        "comprehension": "One `for ... in ...` of a comprehension, with its conditions.",
        "arguments": "All parameters of a function, by how they can be given, with their defaults.",
        "arg": "One parameter: its name and its annotation.",
        "keyword": "One named argument of a call: `Bucket=name`; without a name it is `**values`.",
        "alias": "One imported name, and the name it is given here.",
        "withitem": "One context manager of a `with`, and the name it is given.",
        "match_case": "One `case` of a `match`: its pattern, its condition and its body.",
    },
}

_SENTENCES: Final = GROUPS | {name: text for group in CLASSES.values() for name, text in group.items()}
# Groups, and what only type checkers ask for, have no place of their own on the page.
_WITHOUT_PLACE: Final = frozenset({*GROUPS, "TypeIgnore"}) - {"AST"}


def names() -> tuple[str, ...]:
    """All classes that there is a sentence on, groups included."""
    return tuple(sorted(_SENTENCES, key=str.lower))


def sentence(name: str) -> str:
    """One sentence on a node class; a class of a later Python has a general one."""
    return _SENTENCES.get(name, "A class that this kit has no words for yet.")


def documentation(name: str) -> str:
    """Where Python's documentation speaks of a node class: a link for the reader."""
    return f"{_DOCUMENTATION}#abstract-grammar" if name in _WITHOUT_PLACE else f"{_DOCUMENTATION}#ast.{name}"
