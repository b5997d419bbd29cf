"""Bad input gives one clear sentence with a place and a remedy, and the rest goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sls_lab.code import Code, read_code
from sls_lab.events import EventGraph, link_events
from sls_lab.facts import Diagnostic, UnreadableApplication
from sls_lab.rewrite import Rewriting, rewrite
from sls_lab.template import Options, Template, read_template
from tests.badinput.cases import CASES, GOOD_HANDLER, HEALTHY_FILES, OUTSIDE, Case, Said, functions, http

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@dataclass(frozen=True)
class Walk:
    """The first four steps over one application."""

    template: Template
    code: Code
    events: EventGraph
    rewriting: Rewriting

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        rooms = (self.template, self.code, self.events, self.rewriting)
        said = [diagnostic for room in rooms for diagnostic in room.diagnostics]
        return tuple(dict.fromkeys([*said, *self.code.unseen.values()]))


def walk(app: Path, options: Options | None = None) -> Walk:
    template = read_template(app, options or Options())
    code = read_code(template)
    events = link_events(template, code)
    return Walk(template, code, events, rewrite(code, events))


def line_of(app: Path, said: Said) -> int | None:
    if said.at is None:
        return None
    lines = (app / said.file).read_bytes().decode("latin-1").splitlines()
    return next(number for number, line in enumerate(lines, 1) if said.at in line)


def assert_clear(diagnostic: Diagnostic) -> None:
    """One sentence, with what to do in its second half."""
    message = diagnostic.message
    assert "\n" not in message
    assert message.endswith("."), message
    assert not re.search(r"[.!?] +[A-Z]", message), f"more than one sentence: {message}"
    assert re.search(r"[:;,] [^:;]*\w+[^:;]*\.$", message), f"no remedy: {message}"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", diagnostic.code)
    assert "Traceback" not in message
    assert "sls_lab" not in message


def assert_placed(app: Path, diagnostic: Diagnostic) -> None:
    """A place within the application, in a file that is there."""
    span = diagnostic.span
    assert span is not None, diagnostic
    file = app / span.file
    assert not Path(span.file).is_absolute()
    assert file.is_file() or file.is_symlink(), diagnostic
    if file.is_file():
        lines = file.read_bytes().count(b"\n") + 1
        assert 1 <= span.line <= lines, diagnostic


@each_case
def test_it_is_said_where_and_what_to_do(case: Case, tmp_path: Path) -> None:
    app = case.build(tmp_path)
    found = walk(app).diagnostics
    for diagnostic in found:
        assert_clear(diagnostic)
        if diagnostic.level != "note":
            assert_placed(app, diagnostic)
    for said in case.says:
        matching = [item for item in found if item.code == said.code and item.span and item.span.file == said.file]
        assert matching, f"{said} is missing among {[(item.code, item.span, item.message) for item in found]}"
        assert {item.level for item in matching} == {said.level}
        line = line_of(app, said)
        if line is not None:
            assert line in {item.span.line for item in matching if item.span}, (said, matching)


@each_case
def test_what_is_not_seen_is_named_and_the_rest_goes_on(case: Case, tmp_path: Path) -> None:
    found = walk(case.build(tmp_path))
    assert {*case.healthy, *case.unseen, *case.seen} <= {function.name for function in found.template.functions}
    assert case.unseen == set(found.code.unseen)
    for name in case.unseen:
        assert name not in found.code.handlers
        assert_clear(found.code.unseen[name])
        assert found.code.unseen[name].level == "error"
    assert {*case.healthy, *case.seen} <= set(found.code.handlers)


@each_case
def test_the_healthy_pair_is_still_linked_and_rewritten(case: Case, tmp_path: Path) -> None:
    found = walk(case.build(tmp_path))
    sender, receiver = case.healthy
    edges = [edge for edge in found.events.edges if edge.source == sender and edge.linked]
    assert [(edge.target, edge.certain) for edge in edges] == [(receiver, True)]
    sending = found.rewriting.files[found.code.handlers[sender].file]
    assert "handler-call" in {edit.kind for edit in sending.edits}


@each_case
def test_nothing_outside_of_the_folder_is_read(case: Case, tmp_path: Path) -> None:
    found = walk(case.build(tmp_path))
    read = [*found.template.texts, *found.code.modules]
    assert not [name for name in read if OUTSIDE in name or "secret" in name or name.startswith(("/", ".."))]
    assert "secret-table" not in "".join(found.template.texts.values())
    assert not list(tmp_path.rglob("constructed"))


@each_case
def test_rewritten_modules_have_names_that_can_be_imported(case: Case, tmp_path: Path) -> None:
    modules = walk(case.build(tmp_path)).rewriting.modules
    assert len(set(modules.values())) == len(modules)
    assert all(part.isidentifier() for name in modules.values() for part in name.split("."))


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UnreadableApplication, match=r"nowhere.*\.$"):
        read_template(tmp_path / "nowhere", Options())


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not an application\n", encoding="utf-8")
    with pytest.raises(UnreadableApplication, match=r"notes\.txt.*\.$"):
        read_template(file, Options())


@pytest.mark.parametrize("files", [{}, {"app.py": GOOD_HANDLER}, {"config.yml": "one: 1\n"}], ids=len)
def test_a_folder_without_a_template(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableApplication, match=r"serverless\.yml") as caught:
        read_template(tmp_path, Options())
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_template_asked_for_that_is_not_there(tmp_path: Path) -> None:
    app = Case("good", {"serverless.yml": functions(""), **HEALTHY_FILES}, ()).build(tmp_path)
    with pytest.raises(UnreadableApplication, match=r"other\.yml"):
        read_template(app, Options(templates=("other.yml",)))


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "just a sentence\n", "- a\n- list\n", "\0\0\0", "{"])
def test_a_lone_template_that_says_nothing(text: str, tmp_path: Path) -> None:
    """Either nothing to read, or an empty application with the reason: never a clean bill."""
    (tmp_path / "serverless.yml").write_text(text, encoding="utf-8")
    try:
        found = walk(tmp_path)
    except UnreadableApplication as error:
        assert "serverless.yml" in str(error)
        return
    assert found.template.functions == ()
    errors = [diagnostic for diagnostic in found.diagnostics if diagnostic.level == "error"]
    assert errors
    for diagnostic in errors:
        assert_clear(diagnostic)


def test_two_templates_are_one_application(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {}
    for stack in ("one", "two"):
        files[f"{stack}/serverless.yml"] = functions(http("app.handler", f"only-{stack}"))
        files[f"{stack}/app.py"] = GOOD_HANDLER
        files |= {f"{stack}/{name}": text for name, text in HEALTHY_FILES.items()}
    app = Case("two-templates", files, ()).build(tmp_path)
    both = walk(app)
    assert set(both.code.handlers) == {
        "only-one", "only-two",
        "one/serverless.yml:healthy", "one/serverless.yml:woken",
        "two/serverless.yml:healthy", "two/serverless.yml:woken",
    }  # fmt: skip
    assert both.code.handlers["two/serverless.yml:healthy"].file == "two/healthy.py"
    one = walk(app, Options(templates=("one/serverless.yml",)))
    assert set(one.code.handlers) == {"only-one", "healthy", "woken"}


def test_a_sam_template_with_what_is_not_python(tmp_path: Path) -> None:
    template = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Good:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: src/}
  Script:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs20.x, Handler: app.handler, CodeUri: src/}
  Image:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image}
  Gone:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: nowhere/}
  Archive:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: kept.handler, Code: {S3Bucket: code, S3Key: app.zip}, Role: arn:x}
"""
    app = Case("sam", {"template.yaml": template, "src/app.py": GOOD_HANDLER}, ()).build(tmp_path)
    found = walk(app)
    assert set(found.code.handlers) == {"Good"}
    assert set(found.code.unseen) == {"Script", "Image", "Gone", "Archive"}
    assert set(found.code.unseen.values()) <= set(found.template.diagnostics)  # each is told once
    for diagnostic in found.code.unseen.values():
        assert_clear(diagnostic)
        assert_placed(app, diagnostic)
