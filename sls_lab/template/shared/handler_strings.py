"""The Python file and the name in it that a handler string means."""

from __future__ import annotations

import posixpath
from pathlib import Path

from sls_lab.facts import Diagnostic, Span
from sls_lab.template.shared.application_files import inside, is_file
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log


def locate_handler(
    root: Path, code_roots: tuple[str, ...], handler: str, span: Span, log: Log
) -> tuple[str | None, str | None, str]:
    """The file of `handler` relative to `root`, the name in it, and the one of `code_roots` it was found under.

    Lambda cuts the string at its last dot and imports what comes before it, with slashes read as dots
    (https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html): `src/a.main` and `src.a.main` both mean `main`
    in `src/a.py` or `src/a/__init__.py`. File and name are None, with a diagnostic at `span`, if there is no such file.
    """
    module, dot, attribute = handler.strip().rpartition(".")
    module = module.removeprefix("./")
    if not dot or not module or not attribute:
        message = f"The handler {handler!r} is not of the form file.function, so it is not analysed: fix it."
        log.say("handler-malformed", message, span)
        return None, None, code_roots[0]
    tried: list[str] = []
    for code_root in code_roots:
        for stem in dict.fromkeys((module.replace(".", "/"), module)):
            base = posixpath.normpath(posixpath.join(code_root, stem.lstrip("/")))
            for name in (f"{base}.py", f"{base}/__init__.py"):
                path = inside(root, name)
                if isinstance(path, Diagnostic):
                    log.say(path.code, path.message, span)
                    return None, None, code_root
                if is_file(path):
                    return name, attribute, code_root
                tried.append(name)
    remedy = _as_method(root, code_roots, module, attribute) or "add the file"
    message = f"The handler {handler!r} means {tried[0]}, which does not exist, so it is not analysed: {remedy}."
    log.say("handler-file-missing", message, span)
    return None, None, code_roots[0]


def handler_file(root: Path, code_root: str, handler: str) -> str | None:
    """The Python file below `code_root` that `handler` names, relative to `root`; None if there is none."""
    module = handler.strip().rpartition(".")[0].removeprefix("./")
    for stem in dict.fromkeys((module.replace(".", "/"), module)) if module else ():
        base = posixpath.normpath(posixpath.join(code_root, stem.lstrip("/")))
        for name in (f"{base}.py", f"{base}/__init__.py"):
            path = inside(root, name)
            if not isinstance(path, Diagnostic) and is_file(path):
                return name
    return None


def runs_python(runtime: str, root: Path, code_roots: tuple[str, ...], handler: Node | None) -> bool:
    """Whether a function of this runtime is written in Python.

    The names of Python's runtimes begin with `python`. A custom runtime (`provided`, `provided.al2023`) is given the
    handler's name as it is written and brings an interpreter of its own
    (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html): there the handler's file decides.
    """
    if runtime.startswith("python"):
        return True
    text = handler.text if handler is not None else None
    if not runtime.startswith("provided") or text is None:
        return False
    return any(handler_file(root, code_root, text) is not None for code_root in code_roots)


def _as_method(root: Path, code_roots: tuple[str, ...], module: str, attribute: str) -> str | None:
    """What to write for `file.Class.method`, which Lambda cannot import; None if there is no such file."""
    outer, _, inner = module.replace("/", ".").rpartition(".")
    for code_root in code_roots if outer else ():
        name = posixpath.normpath(posixpath.join(code_root, outer.replace(".", "/") + ".py"))
        path = inside(root, name)
        if not isinstance(path, Diagnostic) and is_file(path):
            return (
                f"if it is the method {attribute} of {inner} in {name}, write `{attribute} = {inner}.{attribute}` at "
                f"the end of that file and name {outer}.{attribute} in the template"
            )
    return None
