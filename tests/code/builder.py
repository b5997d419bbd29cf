"""Templates made by hand, so that these tests depend on no other room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from sls_lab.code import BotoCall, Code, read_code
from sls_lab.facts import Diagnostic, Pattern, Reason, Span
from sls_lab.template.model import Function, Role, Template, Variable

TEMPLATE = "serverless.yml"


def variable(name: str, value: str | Pattern, line: int = 1) -> Variable:
    """An environment variable; `{Name}` in its text stands for a fixed unknown of that name."""
    pattern = value if isinstance(value, Pattern) else holes(value)
    span = Span(TEMPLATE, line, 0, line, 1)
    return Variable(name, pattern, span, (Reason(f"`{name}` is written in the template", span),))


def holes(text: str) -> Pattern:
    """`a-{B}` as a pattern whose `{B}` is fixed."""
    result = Pattern.of()
    for index, piece in enumerate(text.replace("}", "{").split("{")):
        result += Pattern.fixed(piece) if index % 2 else Pattern.of(piece)
    return result


def function(name: str, handler: str | None = "handler.handler", **given: object) -> Function:
    """A Python function; `env` gives its environment as texts, anything else the field of that name."""
    module, _, attribute = (handler or "").rpartition(".")
    env = given.pop("env", {})
    assert isinstance(env, Mapping)
    line = 10 + sum(map(ord, name)) % 50
    made = Function(
        name=name,
        logical_id=name,
        deployed_name=Pattern.of(f"app-dev-{name}"),
        template=TEMPLATE,
        handler=handler,
        file=module.replace(".", "/") + ".py",
        attribute=attribute,
        code_root="",
        layers=(),
        runtime="python3.12",
        language="python",
        inline_code=None,
        triggers=(),
        environment={key: variable(key, value, line) for key, value in env.items()},
        role=Role((), True),
        span=Span(TEMPLATE, line, 2, line, 20),
        handler_span=Span(TEMPLATE, line, 11, line, 20),
    )
    return replace(made, **given)  # type: ignore[arg-type]


def template(root: Path, *functions: Function, diagnostics: tuple[Diagnostic, ...] = ()) -> Template:
    """A template with these functions and nothing else."""
    return Template(
        root=root,
        kind="serverless",
        files=(TEMPLATE,),
        texts=MappingProxyType({}),
        functions=functions,
        resources=(),
        relays=(),
        subscriptions=(),
        state_machines=(),
        resolutions=(),
        diagnostics=diagnostics,
    )


def read(root: Path, files: Mapping[str, str | bytes], *functions: Function) -> Code:
    """Write the files below `root` and read them; one function called `app` where none are given."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_code(template(root, *(functions or (function("app"),))))


def values(call: BotoCall, path: str) -> str:
    """The alternatives of an argument (or, at `Item.id`, of a part of it) in the notation of the fixtures."""
    name, *steps = path.split(".")
    found = call.arguments.get(name)
    for step in steps:
        found = found.part(step) if found is not None else None
    return "|".join(str(value) for value in found.values) if found is not None else "<none>"


def shown(call: BotoCall) -> str:
    """`s3.put_object`, or `s3.Bucket.put_object` for a resource."""
    receiver = "" if call.receiver == "client" else f"{call.receiver}."
    return f"{call.service}.{receiver}{call.api}"


def calls_of(code: Code, handler: str = "app") -> Iterator[BotoCall]:
    """One handler's calls."""
    return (call for call in code.calls if call.handler == handler)
