"""Each fixture says in its comments which calls are to be found, and with which arguments.

`# -> s3.put_object Bucket='photos' Key='a|b'` stands on the line where the call begins; every call that is found must
be expected, and the other way round. `# env: NAME=value` sets the environment. A folder is an application whose
handler is `handler.handler`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from sls_lab.code import read_code, span_of
from tests.code.builder import calls_of, function, shown, template, values

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path for path in FIXTURES.iterdir() if path.suffix == ".py" or path.is_dir())
CALL = re.compile(r"(?:# |; )-> (?P<call>[\w.-]+)(?P<arguments>(?: [\w.*\[\]{}:/-]+='[^']*')*)")
ARGUMENT = re.compile(r" ([\w.*\[\]{}:/-]+)='([^']*)'")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_calls_are_found_with_their_values(path: Path) -> None:
    root, module = (path, "handler") if path.is_dir() else (FIXTURES, path.stem)
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    texts = {file.relative_to(root).as_posix(): file.read_text(encoding="utf-8") for file in files}
    env = dict(re.findall(r"^# env: (\w+)=(.*)$", "\n".join(texts.values()), re.MULTILINE))
    code = read_code(template(root, function("app", f"{module}.handler", env=env)))
    assert code.unseen == {}

    wanted: list[tuple[str, int, str, dict[str, str]]] = []
    for file, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            for match in CALL.finditer(line):
                wanted.append((file, number, match["call"], dict(ARGUMENT.findall(match["arguments"]))))
    found = list(calls_of(code))
    places = Counter((call.file, call.span.line, shown(call)) for call in found)
    assert places == Counter((file, line, name) for file, line, name, _ in wanted)
    for file, number, name, arguments in wanted:
        options = [call for call in found if (call.file, call.span.line, shown(call)) == (file, number, name)]
        seen = [{path: values(call, path) for path in arguments} for call in options]
        assert arguments in seen, f"{file}:{number} {name}: {seen}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_nodes_and_spans_fit_the_text(path: Path) -> None:
    root, module = (path, "handler") if path.is_dir() else (FIXTURES, path.stem)
    code = read_code(template(root, function("app", f"{module}.handler")))
    for call in code.calls:
        text = code.modules[call.file].text
        assert ast.dump(ast.parse(f"({call.span.text_in(text)})", mode="eval").body) == ast.dump(call.node)
        originals = set(map(id, ast.walk(code.modules[call.file].tree)))
        for argument in call.arguments.values():
            assert call.span.contains(argument.span)
            if argument.node is None:
                continue
            if hasattr(argument.node, "lineno"):
                assert id(argument.node) in originals
                assert argument.span == span_of(code.modules[call.file], argument.node)
                written = argument.span.text_in(text)
                assert ast.dump(ast.parse(f"({written})", mode="eval").body) == ast.dump(argument.node)
            else:
                inner = [node for node in ast.walk(argument.node) if hasattr(node, "lineno")]
                assert inner
                assert all(id(node) in originals for node in inner)
