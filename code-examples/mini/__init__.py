"""The five steps of sls-lab in five short modules: for three services, and for templates of one kind."""

from dataclasses import dataclass
from pathlib import Path

from mini.code import read_code
from mini.graph import Edge, link
from mini.rewrite import Program, new_name, rewrite_handlers
from mini.taint import Analyser, Flow
from mini.template import read_template


@dataclass(frozen=True)
class Analysis:
    """What the steps have found. `sources` are the functions of the program that anyone may wake."""

    edges: tuple[Edge, ...]
    program: Program
    sources: tuple[str, ...]
    flows: frozenset[Flow]


def analyse(folder: Path) -> Analysis:
    """All five steps on the application in a folder."""
    functions = read_template(folder / "serverless.yml")
    texts = {function.file: (folder / function.file).read_text(encoding="utf-8") for function in functions}
    edges = link(functions, [call for one in functions for call in read_code(one, texts[one.file])])
    program = rewrite_handlers(functions, texts, edges)
    sources = tuple(new_name(function.file, function.handler) for function in functions if function.public)
    return Analysis(edges, program, sources, Analyser().trace(program, sources))
