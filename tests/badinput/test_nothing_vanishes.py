"""The law of discovery: a template is read, or an error names it, wherever it is and whatever is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab.facts import Diagnostic, UnreadableApplication
from sls_lab.template import Options, Template, find_applications, read_template
from sls_lab.template.shared import folder_walk
from tests.badinput.cases import GOOD_HANDLER, HEALTHY_FILES, OUTSIDE, functions, http

STACK = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Hidden:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
"""
BARE = """\
Resources:
  Hidden:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: app.handler, Code: .}
"""


def application(root: Path) -> Path:
    """A healthy application, beside which something hides."""
    app = root / "app"
    app.mkdir()
    (app / "serverless.yml").write_text(functions(""), encoding="utf-8", newline="\n")
    for name, text in HEALTHY_FILES.items():
        (app / name).write_text(str(text), encoding="utf-8", newline="\n")
    return app


def place(app: Path, name: str, content: str | bytes) -> Path:
    file = app / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    (file.parent / "app.py").write_text(GOOD_HANDLER, encoding="utf-8", newline="\n")
    return file


def is_read(template: Template, file: str) -> bool:
    """Whether the function in `file` is one of the application's."""
    return any(function.template == file and "Hidden" in function.name for function in template.functions)


def is_named(template: Template, file: str) -> bool:
    """Whether an error says that `file` was not read: it makes the analysis incomplete."""
    return any(item.level == "error" and item.span and item.span.file == file for item in template.diagnostics)


READ: dict[str, tuple[str, str | bytes]] = {
    "in-order": ("api/template.yaml", STACK),
    "a variable in a comment": ("api/template.yaml", "# was ${self:custom.bucket}\n" + STACK),
    "a variable in a description": ("api/t.yaml", STACK + "Description: ${self:custom.x}\n"),
    "a variable beside a function": ("api/t.yaml", BARE + "Description: ${opt:stage}\n"),
    "indented": ("api/template.yaml", "".join(f"  {line}\n" for line in STACK.splitlines())),
    "large": ("api/template.yaml", STACK + "# padding padding padding\n" * 200_000),
    "in one line": ("api/t.json", '{"Resources": {"Hidden": {"Type": "AWS::Lambda::Function", "Properties": '
                    '{"Runtime": "python3.12", "Handler": "app.handler", "Code": "."}}}}'),
    "with an escaped key": ("api/t.json", '{"\\u0052esources": {"Hidden": {"Type": "AWS::Lambda::Function", '
                            '"Properties": {"Runtime": "python3.12", "Handler": "app.handler", "Code": "."}}}}'),
    "with an explicit key": ("api/t.yaml", BARE.replace("Resources:\n", "? Resources\n:\n")),
    "with an upper-case ending": ("api/TEMPLATE.YAML", STACK),
    "in UTF-16": ("api/template.yaml", STACK.encode("utf-16")),
    "called like a lock file": ("api/package.json", BARE),
    "called like a composition": ("api/docker-compose.yml", BARE),
    "called like a recording": ("recorded.json", BARE),
    "in a folder called build": ("build/template.yaml", STACK),
    "in a folder called dist": ("dist/api/template.yaml", STACK),
    "in a folder called env": ("env/template.yaml", STACK),
    "in a folder called venv": ("venv/template.yaml", STACK),
    "in a folder called target": ("target/template.yaml", STACK),
    "in a hidden folder": (".infra/template.yaml", STACK),
    "in the output of sam": (".aws-sam/build/template.yaml", STACK),
    "in the output of the cdk": ("cdk.out/Demo.template.json", STACK),
    "hidden itself": ("api/.template.yaml", STACK),
}  # fmt: skip
NAMED: dict[str, tuple[str, str | bytes]] = {
    "with a byte that is not UTF-8": ("api/template.yaml", b"# caf\xe9\n" + STACK.encode()),
    "with half a character": ("api/template.yaml", STACK.encode() + b"# \xe2\x82"),
    "with a null byte": ("api/template.yaml", b"# \0\n" + STACK.encode()),
    "in UTF-16 without a mark": ("api/template.yaml", STACK.encode("utf-16-le")),
    "too large": ("api/template.yaml", STACK + "# padding padding padding\n" * 650_000),
    "broken": ("api/template.yaml", STACK + "Outputs: [\n"),
    "written in Jinja": ("api/template.yaml", "{% if stage %}\n" + STACK + "{% endif %}\n"),
    "a second document": ("api/template.yaml", "one: 1\n---\n" + STACK),
    "a broken second configuration": ("serverless.prod.yml", functions("") + "custom: [\n"),
}


@pytest.mark.parametrize("name", READ)
def test_a_template_is_read(name: str, tmp_path: Path) -> None:
    file, content = READ[name]
    app = application(tmp_path)
    place(app, file, content)
    template = read_template(app)
    assert is_read(template, file), template.diagnostics
    assert {"healthy", "woken"} <= {function.name for function in template.functions}


@pytest.mark.parametrize("name", NAMED)
def test_a_template_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    file, content = NAMED[name]
    app = application(tmp_path)
    place(app, file, content)
    template = read_template(app)
    assert is_named(template, file), template.diagnostics
    assert {"healthy", "woken"} <= {function.name for function in template.functions}


@pytest.mark.parametrize("content", [*dict(READ).values(), *dict(NAMED).values()], ids=[*READ, *NAMED])
def test_it_does_not_matter_what_stands_beside(content: tuple[str, str | bytes], tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    place(app, *content)
    template = read_template(app)
    assert is_read(template, content[0]) or is_named(template, content[0])


@pytest.mark.parametrize(
    "text",
    [
        "one: 1\n",
        "[1, 2]\n",
        '{"Resources": [1]}',
        "services: {web: {image: x}}\n",
        "{{ helm }}: {\n",
        "Resources: two\n",
    ],
)
def test_what_is_no_template_makes_nothing_incomplete(text: str, tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, "data/values.yml", text)
    place(app, "data/large.json", '{"rows": [' + ", ".join(["12345678"] * 1_700_000) + "]}")
    assert read_template(app).diagnostics == ()


def make_link(app: Path, root: Path) -> str:
    place(app, "stacks/real.txt", STACK)
    (app / "stacks/template.yaml").symlink_to("real.txt")
    return "stacks/template.yaml"


def make_folder_link(app: Path, root: Path) -> str:
    place(app, "stacks/template.yaml", STACK)
    (app / "again").symlink_to("stacks")
    return "stacks/template.yaml"


def make_link_outside(app: Path, root: Path) -> str:
    place(root / OUTSIDE, "template.yaml", STACK)
    (app / "template.yaml").symlink_to(f"../{OUTSIDE}/template.yaml")
    return "template.yaml"


def make_folder_link_outside(app: Path, root: Path) -> str:
    place(root / OUTSIDE, "template.yaml", STACK)
    (app / "linked").symlink_to(f"../{OUTSIDE}")
    return "linked"


def make_pipe(app: Path, root: Path) -> str:
    os.mkfifo(app / "template.yaml")
    return "template.yaml"


def make_device(app: Path, root: Path) -> str:
    (app / "template.yaml").symlink_to("/dev/zero")
    return "template.yaml"


@pytest.mark.parametrize(
    "make",
    [
        *(make_link, make_folder_link, make_link_outside, make_folder_link_outside),
        *(pytest.param(make, marks=pytest.mark.posix, id=make.__name__) for make in (make_pipe, make_device)),
    ],
    ids=lambda make: make.__name__,
)
def test_links_and_what_is_no_file(make: Callable[[Path, Path], str], tmp_path: Path) -> None:
    app = application(tmp_path)
    file = make(app, tmp_path)
    template = read_template(app)
    assert is_read(template, file) or is_named(template, file), template.diagnostics
    assert not [name for name in template.texts if OUTSIDE in name]


def test_a_link_to_nothing_loses_nothing(tmp_path: Path) -> None:
    app = application(tmp_path)
    (app / ".#template.yaml").symlink_to("somebody@somewhere.1234")
    assert [(item.level, item.code) for item in read_template(app).diagnostics] == [("warning", "link-broken")]


def test_a_search_that_stops_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = application(tmp_path)
    place(app, "one/two/three/template.yaml", STACK)
    monkeypatch.setattr(folder_walk, "MAX_FOLDERS", 3)
    [stopped] = read_template(app).diagnostics
    assert (stopped.level, stopped.code) == ("error", "search-stopped")
    assert "one/two/three" in stopped.message


def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = application(tmp_path)
    place(app, "closed/template.yaml", STACK)
    scan = os.scandir

    def refuse(path: Path) -> os._ScandirIterator[str]:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert is_named(read_template(app), "closed")


def test_a_second_configuration_with_other_functions_is_read(tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, "serverless.prod.yml", functions(http("app.handler", "Hidden")))
    assert is_read(read_template(app), "serverless.prod.yml")


def test_a_second_configuration_of_the_same_functions_is_named(tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, "serverless.prod.yml", functions(""))
    template = read_template(app)
    assert [(item.level, item.code) for item in template.diagnostics] == [("warning", "two-templates")]
    assert template.files == ("serverless.yml",)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("build/serverless.yml", functions("")),
        (".serverless/cloudformation-template-update-stack.json",
         '{"Resources": {"HealthyLambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": '
         '{"Runtime": "python3.12", "Handler": "healthy.handler", "Code": {"S3Bucket": "b"}}}}}'),
    ],
)  # fmt: skip
def test_a_copy_is_read_once_and_named(file: str, text: str, tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, file, text)
    template = read_template(app)
    assert template.files == ("serverless.yml",)
    assert [(item.level, item.code) for item in template.diagnostics] == [("note", "template-copy")]


def test_a_piece_that_nothing_includes_is_named(tmp_path: Path) -> None:
    app = application(tmp_path)
    piece = "Resources:\n  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: '${self:custom.table}'}}\n"
    place(app, "resources/table.yml", piece)
    assert [(item.level, item.code) for item in read_template(app).diagnostics] == [("warning", "piece-not-included")]
    place(app, "serverless.yml", functions("") + "resources: ${file(resources/table.yml)}\ncustom: {table: t}\n")
    assert "piece-not-included" not in {item.code for item in read_template(app).diagnostics}


TOOLS = {
    "cdk.json": ('{"app": "python3 app.py"}', "cdk synth"),
    "main.tf": ('resource "aws_lambda_function" "f" {}\n', "Terraform"),
    ".chalice/config.json": ("{}", "chalice package"),
    "zappa_settings.json": ("{}", "Zappa"),
    "Pulumi.yaml": ("name: shop\n", "Pulumi"),
}


@pytest.mark.parametrize("file", TOOLS)
def test_what_a_folder_holds_instead_of_a_template(file: str, tmp_path: Path) -> None:
    text, words = TOOLS[file]
    place(tmp_path, file, text)
    with pytest.raises(UnreadableApplication, match="holds no template") as caught:
        read_template(tmp_path)
    assert file in str(caught.value)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("file", TOOLS)
def test_functions_of_another_tool_are_not_seen(file: str, tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, file, TOOLS[file][0])
    assert is_named(read_template(app), file)


def test_terraform_without_functions_is_no_matter(tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, "main.tf", 'resource "aws_s3_bucket" "b" {}\n')
    assert read_template(app).diagnostics == ()


def test_a_cdk_project_is_read_by_its_output(tmp_path: Path) -> None:
    place(tmp_path, "cdk.json", "{}")
    place(tmp_path, "cdk.out/manifest.json", '{"version": "36.0.0"}')
    place(tmp_path, "cdk.out/Demo.template.json", BARE)
    template = read_template(tmp_path)
    assert template.files == ("cdk.out/Demo.template.json",)
    assert template.diagnostics == ()


def collection(root: Path, count: int) -> Path:
    for number in range(count):
        place(root, f"pattern-{number:02}/template.yaml", STACK)
        place(root, f"pattern-{number:02}/nested/template.yaml", BARE)
    return root


def test_a_collection_of_applications_is_refused_with_their_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableApplication, match="holds 13 applications") as caught:
        read_template(collection(tmp_path, 13))
    assert "pattern-00, pattern-01" in str(caught.value)
    assert "--each" in str(caught.value)


def test_a_few_stacks_are_one_application(tmp_path: Path) -> None:
    assert len(read_template(collection(tmp_path, 12)).files) == 24
    (tmp_path / "serverless.yml").write_text(functions(""), encoding="utf-8", newline="\n")
    assert len(read_template(collection(tmp_path, 20)).files) == 41


def test_the_applications_of_a_folder(tmp_path: Path) -> None:
    root = collection(tmp_path, 3)
    assert find_applications(root) == ("pattern-00", "pattern-01", "pattern-02")
    assert find_applications(root / "pattern-00") == ("",)
    assert find_applications(root / "nowhere") == ()


def test_one_template_of_a_collection_can_be_chosen(tmp_path: Path) -> None:
    root = collection(tmp_path, 20)
    assert read_template(root, Options(templates=("pattern-03/template.yaml",))).files == ("pattern-03/template.yaml",)


def test_each_diagnostic_says_what_to_do(tmp_path: Path) -> None:
    app = application(tmp_path)
    for file, content in NAMED.values():
        place(app, f"{file.partition('.')[0]}/{file.rpartition('/')[2]}", content)
    said: tuple[Diagnostic, ...] = read_template(app).diagnostics
    assert said
    assert all(item.message.endswith(".") and "\n" not in item.message for item in said)


@pytest.mark.parametrize(
    ("content", "said"), [(b"# caf\xe9\n", "is not UTF-8 (byte 5)"), (b"\xff\xfea", "is not UTF-16 (byte 2)")]
)
def test_an_encoding_is_told_by_its_name(content: bytes, said: str, tmp_path: Path) -> None:
    app = application(tmp_path)
    place(app, "serverless.yml", content)
    assert said in read_template(app).diagnostics[0].message
