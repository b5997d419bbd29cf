"""Call the handler that put_object wakes, and print what changed: python instrument_a_handler.py FILE"""

import ast
import difflib
import sys

from asttokens import ASTText

from source_file import run
from synthesise_a_call import event_call

SIMPLE = ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return
SCOPES = ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def first_version(text: str) -> str:
    """It writes the whole file anew: comments and layout are gone, and the call behind a `return` never runs."""

    class Insert(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST | list[ast.AST]:
            super().generic_visit(node)
            puts = puts_in(node) if isinstance(node, ast.stmt) else []
            return [node, *(ast.Expr(woken(call)) for call in puts)] if puts else node

    return ast.unparse(Insert().visit(ast.parse(text)))


def instrument(text: str) -> str:
    """The file with a call of the woken handler beside each put_object, and every other character as it was."""
    tokens = ASTText(text, tree=(tree := ast.parse(text)))
    splices = []
    for statement in (node for node in ast.walk(tree) if isinstance(node, ast.stmt)):
        start, end = tokens.get_text_range(statement)
        line = text.rfind("\n", 0, start) + 1
        behind = end + len(text[end:].partition("\n")[0])
        alone = not text[line:start].strip() and not text[end:behind].partition("#")[0].strip()
        for call in map(ast.unparse, map(woken, puts_in(statement))):
            if isinstance(statement, ast.Return):  # nothing behind it runs
                splices.append((start, call + "; "))
            elif alone:
                splices.append((behind, "\n" + text[line:start] + call))
            else:  # an `if` or another statement stands on the same line
                splices.append((end, "; " + call))
    for position, addition in sorted(splices, reverse=True):  # from the end, so that earlier positions stay right
        text = text[:position] + addition + text[position:]
    return text


def puts_in(statement: ast.stmt) -> list[ast.Call]:
    """The calls of put_object in a simple statement whose arguments mean the same behind it as in it."""
    found = []
    pending = [statement] if isinstance(statement, SIMPLE) else []
    while pending:
        node = pending.pop()
        if not isinstance(node, SCOPES):  # in there are variables that exist nowhere else
            pending += ast.iter_child_nodes(node)
        if is_put(node) and {"Bucket", "Key"} <= {keyword.arg for keyword in node.keywords}:
            found.append(node)
    return found


def is_put(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "put_object"


def woken(call: ast.Call) -> ast.Call:
    """The call of the handler that the object wakes, with the event object that AWS would send."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    s3 = {"bucket": {"name": given["Bucket"]}, "object": {"key": given["Key"]}}
    return event_call("woken_handler", {"Records": [{"s3": s3}]})


def show(text: str) -> list[str]:
    nodes = list(ast.walk(ast.parse(text)))
    done = {id(call) for node in nodes if isinstance(node, ast.stmt) for call in puts_in(node)}
    changed = instrument(text).splitlines()
    lines = list(difflib.unified_diff(text.splitlines(), changed, "as it was", "instrumented", lineterm="", n=1))
    left = sorted(node.lineno for node in nodes if is_put(node) and id(node) not in done)
    return lines + [f"line {line} is left out: not a statement of its own with a Bucket and a Key" for line in left]


if __name__ == "__main__":
    sys.exit(run(show, "no call of put_object"))
