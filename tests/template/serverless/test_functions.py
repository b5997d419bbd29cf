"""Functions of a Serverless Framework template: code, names, environment, layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.facts import Hole, HoleKind, Pattern
from sls_lab.template import Options, read_template
from tests.template.serverless.applications import Read, Write, said


@pytest.mark.parametrize(
    ("handler", "files", "file", "attribute"),
    [
        ("app.main", ["app.py"], "app.py", "main"),
        ("src/app.main", ["src/app.py"], "src/app.py", "main"),
        ("src.app.main", ["src/app.py"], "src/app.py", "main"),
        ("./src/app.main", ["src/app.py"], "src/app.py", "main"),
        ("src/my-handlers/file.handler", ["src/my-handlers/file.py"], "src/my-handlers/file.py", "handler"),
        ("pkg.main", ["pkg/__init__.py"], "pkg/__init__.py", "main"),
        ("pkg.main", ["pkg/__init__.py", "pkg.py"], "pkg.py", "main"),
        ("v1.2/app.main", ["v1.2/app.py"], "v1.2/app.py", "main"),
        ("größe.main", ["größe.py"], "größe.py", "main"),
    ],
)
def test_handlers_of_every_shape(read: Read, handler: str, files: list[str], file: str, attribute: str) -> None:
    template = read(f"functions:\n  f:\n    handler: {handler}\n", dict.fromkeys(files, ""))
    function = template.function("f")
    assert (function.file, function.attribute, function.handler) == (file, attribute, handler)
    assert function.language == "python"
    assert function.handler_span.text_in(template.texts["serverless.yml"]) == handler
    assert said(template) == []


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        ("nowhere.main", "handler-file-missing"),
        ("main", "handler-malformed"),
        (".main", "handler-malformed"),
        ("app.", "handler-malformed"),
        ("../outside.main", "path-outside"),
        ("[a, b]", "handler-unknown"),
        ("${env:HANDLER}", "handler-unknown"),
        ("''", "handler-malformed"),
    ],
)
def test_a_handler_that_cannot_be_found_is_an_error_at_its_place(read: Read, handler: str, code: str) -> None:
    template = read(f"functions:\n  f:\n    handler: {handler}\n")
    function = template.function("f")
    assert (function.file, function.attribute) == (None, None)
    assert said(template, level="error") == [(code, 7)]


def test_a_linked_handler_outside_of_the_folder_is_refused(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("", encoding="utf-8")
    (tmp_path / "app").joinpath("odd.py").symlink_to(tmp_path / "secret.py")
    template = read("functions: {f: {handler: odd.main}}\n")
    assert template.function("f").file is None
    assert said(template) == [("path-outside", 5)]


def test_languages_other_than_python_are_listed_and_said(read: Read) -> None:
    template = read(
        """\
        functions:
          node:
            handler: index.main
            runtime: nodejs20.x
          image:
            image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/odd:1
          old:
            handler: app.main
            runtime: python2.7
          none: {}
        """
    )
    assert [(function.name, function.language) for function in template.functions] == [
        ("node", "other"),
        ("image", "other"),
        ("old", "python"),
    ]
    assert said(template) == [("function-malformed", 14), ("not-python", 7), ("container-image", 10)]


@pytest.mark.parametrize(("handler", "language"), [("app.main", "python"), ("index.main", "other")])
def test_without_a_runtime_the_file_decides(read: Read, handler: str, language: str) -> None:
    template = read(f"functions: {{f: {{handler: {handler}}}}}\n", head="service: s\nprovider: aws\n")
    assert template.function("f").language == language
    assert [code for code, _ in said(template)] == ([] if language == "python" else ["not-python"])


def test_names(read: Read) -> None:
    template = read(
        """\
        functions:
          onS3Upload: {handler: app.main}
          on-my_upload: {handler: app.main, name: 'upload-${opt:stage}'}
        """,
        opt={"stage": "prod"},
    )
    assert [(f.name, f.logical_id, f.deployed_name.text) for f in template.functions] == [
        ("onS3Upload", "OnS3UploadLambdaFunction", "shop-prod-onS3Upload"),
        ("on-my_upload", "OnDashmyUnderscoreuploadLambdaFunction", "upload-prod"),
    ]


@pytest.mark.parametrize("service", ["shop", "{name: shop}"])
@pytest.mark.parametrize("provider", ["stage: prod", "stage: ${opt:stage, 'prod'}", "stage: ${self:custom.s}"])
def test_the_service_and_the_stage_make_the_deployed_name(read: Read, service: str, provider: str) -> None:
    head = f"service: {service}\ncustom: {{s: prod}}\nprovider:\n  name: aws\n  runtime: python3.12\n  {provider}\n"
    template = read("functions: {f: {handler: app.main, environment: {S: '${self:service}'}}}\n", head=head)
    assert template.function("f").deployed_name.text == "shop-prod-f"
    assert template.function("f").environment["S"].value.text == "shop"


def test_functions_may_come_in_pieces(read: Read) -> None:
    template = read(
        """\
        functions:
          - one: {handler: app.main}
          - ${file(more.yml)}
          - ${file(even.json):functions}
        """,
        {"more.yml": "two:\n  handler: app.main\n", "even.json": '{"functions": {"three": {"handler": "app.main"}}}'},
    )
    assert [(f.name, f.span.place) for f in template.functions] == [
        ("one", "serverless.yml:6"),
        ("two", "more.yml:1"),
        ("three", "even.json:1"),
    ]
    assert sorted(template.texts) == ["even.json", "more.yml", "serverless.yml"]
    assert template.files == ("serverless.yml",)


def test_a_function_spans_its_name_and_its_body(read: Read) -> None:
    template = read(
        "functions:\n  f:\n    handler: app.main\n    timeout: 5\n\n  # more\n  g:\n    handler: app.main\n"
    )
    assert template.function("f").span.text_in(template.texts["serverless.yml"]) == (
        "f:\n    handler: app.main\n    timeout: 5"
    )


def test_functions_that_are_not_known_are_an_error(read: Read) -> None:
    template = read("functions:\n  - ${file(functions.js)}\n  - one: {handler: app.main}\n")
    assert [function.name for function in template.functions] == ["one"]
    assert said(template, level="error") == [("functions-unknown", 6)]


def test_the_environment_of_the_provider_and_of_the_function(read: Read) -> None:
    template = read(
        """\
          environment: ${self:custom.env}
        custom:
          env: {STAGE: 'x', TABLE: 't-${sls:stage}', GONE: here}
        functions:
          f:
            handler: app.main
            environment:
              STAGE: own
              GONE: null
              QUEUE: !Ref Queue
              ARN: !GetAtt Queue.Arn
              NUMBER: 5
              TRUTH: true
              ACCOUNT: ${aws:accountId}
              OUT: ${ssm:/a}
          g:
            handler: app.main
        resources:
          Resources:
            Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: 'orders-${self:custom.env.TABLE}'}}
        """
    )
    environment = template.function("f").environment
    account = Hole("AWS::AccountId", HoleKind.FIXED)
    region = Hole("AWS::Region", HoleKind.FIXED)
    values = {name: variable.value for name, variable in environment.items()}
    assert "us-east-1" in str(values["QUEUE"]) or region in values["QUEUE"].holes
    assert str(values["QUEUE"]).endswith("/orders-t-dev")
    assert values["ARN"].ends_with(":orders-t-dev").value == "yes"
    assert values["ACCOUNT"] == Pattern.of(account)
    assert values["OUT"] == Pattern.fixed("ssm:/a")
    texts = {name: value.text for name, value in values.items() if value.text is not None}
    assert texts == {"STAGE": "own", "TABLE": "t-dev", "NUMBER": "5", "TRUTH": "true"}
    assert {name: v.value.text for name, v in template.function("g").environment.items()} == {
        "STAGE": "x",
        "TABLE": "t-dev",
        "GONE": "here",
    }
    text = template.texts["serverless.yml"]
    assert environment["STAGE"].span.text_in(text) == "STAGE: own"
    assert [(reason.text, reason.span and reason.span.line) for reason in environment["TABLE"].because] == [
        ("the environment variable TABLE of provider is t-dev", 7),
        ('${sls:stage} is "dev"', 7),
        ('the stage is "dev" where none is written', 7),
    ]


@pytest.mark.parametrize(
    ("environment", "code"),
    [("none", "environment-unknown"), ("{A: [1]}", "environment-not-text"), ("${file(env.js)}", "environment-unknown")],
)
def test_an_environment_that_is_not_known_is_said(read: Read, environment: str, code: str) -> None:
    template = read(f"functions:\n  f:\n    handler: app.main\n    environment: {environment}\n")
    assert said(template, level="warning") == [(code, 8)]


def test_layers_of_the_template_are_folders_to_import_from(read: Read) -> None:
    template = read(
        """\
        layers:
          common: {path: layers/common}
          bare: {path: layers/bare}
        functions:
          f:
            handler: app.main
            layers:
              - {Ref: CommonLambdaLayer}
              - !Ref BareLambdaLayer
              - arn:aws:lambda:eu-west-1:111122223333:layer:other:1
          g: {handler: app.main}
        """,
        {"layers/common/python/shared.py": "", "layers/bare/tool.py": ""},
    )
    assert template.function("f").layers == ("layers/common/python", "layers/bare")
    assert template.function("g").layers == ()


def test_a_function_packaged_from_its_own_folder(read: Read) -> None:
    template = read("functions: {f: {handler: main.run, module: jobs}}\n", {"jobs/main.py": ""})
    assert (template.function("f").file, template.function("f").code_root) == ("jobs/main.py", "jobs")


def test_a_template_in_a_folder_has_its_code_there(write: Write) -> None:
    root = write(
        {
            "api/serverless.yml": "service: s\nprovider: {name: aws, runtime: python3.12}\n"
            "custom: ${file(../shared.yml)}\n"
            "functions: {f: {handler: src/app.main, environment: {T: '${self:custom.table}'}}}\n",
            "api/src/app.py": "",
            "shared.yml": "table: t\n",
        }
    )
    template = read_template(root, Options())
    function = template.function("f")
    assert (function.file, function.code_root, function.template) == ("api/src/app.py", "api", "api/serverless.yml")
    assert function.environment["T"].value.text == "t"


@pytest.mark.parametrize("syntax", [r"'\${((?!AWS)[ ~:a-zA-Z0-9._@,\-\/\(\)]+?)}'", r"'\${{([^{}]+?)}}'"])
def test_a_changed_syntax_of_variables(read: Read, syntax: str) -> None:
    written = "${{self:service}}" if "{{" in syntax else "${self:service}"
    template = read(
        f"  variableSyntax: {syntax}\nfunctions: {{f: {{handler: app.main, environment: {{S: '{written}'}}}}}}\n"
    )
    assert template.function("f").environment["S"].value.text == "shop"


def test_another_cloud_is_not_analysed(read: Read) -> None:
    template = read("functions: {f: {handler: app.main}}\n", head="service: s\nprovider: {name: google}\n")
    assert template.functions == ()
    assert said(template, level="error") == [("provider-not-aws", 2)]
