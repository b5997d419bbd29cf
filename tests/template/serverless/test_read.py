"""Finding templates and reading them as one application."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sls_lab.facts import UnreadableApplication
from sls_lab.template import Options, read_template
from tests.template.serverless.applications import HEAD, Read, Write, said
from tests.template.work import counted

ONE = HEAD + "functions: {main: {handler: app.main}}\n"
STACK = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: things}}
"""


def test_the_folder_must_be_there_and_hold_a_template(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    for path in (tmp_path / "nowhere", tmp_path / "notes.txt", tmp_path):
        with pytest.raises(UnreadableApplication, match=r"serverless\.yml") as caught:
            read_template(path)
        assert re.fullmatch(r"[^\n]+\.", str(caught.value))


@pytest.mark.parametrize("name", ["serverless.yml", "serverless.yaml", "deep/er/serverless.yml", "serverless-api.yml"])
def test_templates_are_found_by_name_or_by_content(write: Write, name: str) -> None:
    template = read_template(write({name: ONE, "x.yml": "a: 1\n", "docker-compose.yml": "services: {}\n"}))
    assert (template.kind, template.files) == ("serverless", (name,))


def test_json_is_read_as_well(write: Write) -> None:
    text = '{\n\t"service": "shop",\n\t"provider": {"name": "aws", "runtime": "python3.12"},\n\t"functions":\n'
    text += '\t\t{"main": {"handler": "app.main", "environment": {"N": "${self:service}"}}}\n}\n'
    template = read_template(write({"serverless.json": text, "app.py": ""}))
    function = template.function("main")
    assert (function.file, function.environment["N"].value.text, function.span.line) == ("app.py", "shop", 5)
    assert template.diagnostics == ()


@pytest.mark.parametrize(
    "folder",
    ["node_modules/x", ".venv/lib/python3.12/site-packages", ".git", ".serverless", ".aws-sam/build", "cdk.out"],
)
def test_what_tools_write_is_no_template_of_its_own(write: Write, folder: str) -> None:
    template = read_template(write({"serverless.yml": ONE, f"{folder}/serverless.yml": ONE, f"{folder}/t.yaml": STACK}))
    assert template.files == ("serverless.yml",)


def test_two_forms_side_by_side(write: Write) -> None:
    template = read_template(write({"serverless.yml": ONE, "serverless.json": "{}", "app.py": ""}))
    assert template.files == ("serverless.yml",)
    assert [(item.code, item.span and item.span.file) for item in template.diagnostics] == [
        ("two-templates", "serverless.json")
    ]


def test_a_second_configuration_beside_a_template_is_not_deployed_with_it(write: Write) -> None:
    template = read_template(write({"serverless.yml": ONE, "serverless-prod.yml": ONE, "app.py": ""}))
    assert template.files == ("serverless.yml",)


def test_several_templates_are_one_application(write: Write) -> None:
    flow = """\
    stepFunctions:
      stateMachines:
        flow:
          definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt main.Arn, End: true}}}
    """
    root = write(
        {
            "a/serverless.yml": ONE + dedent(flow),
            "a/app.py": "",
            "b/serverless.yml": ONE + "  \n",
            "b/app.py": "",
            "c/serverless.yml": HEAD + "functions: {other: {handler: app.main}}\n",
            "c/app.py": "",
            "stack.yml": STACK,
        }
    )
    template = read_template(root)
    assert template.files == ("a/serverless.yml", "b/serverless.yml", "c/serverless.yml", "stack.yml")
    assert [(f.name, f.file) for f in template.functions] == [
        ("a/serverless.yml:main", "a/app.py"),
        ("b/serverless.yml:main", "b/app.py"),
        ("other", "c/app.py"),
    ]
    [machine] = template.state_machines
    assert machine.states["A"].function == "a/serverless.yml:main"
    assert "things" in [resource.name.text for resource in template.resources]
    restricted = read_template(root, Options(templates=("b/serverless.yml",)))
    assert [function.name for function in restricted.functions] == ["main"]
    with pytest.raises(UnreadableApplication, match=r"nowhere\.yml"):
        read_template(root, Options(templates=("nowhere.yml",)))
    with pytest.raises(UnreadableApplication, match="outside"):
        read_template(root, Options(templates=("../secret.yml",)))


@pytest.mark.parametrize("include", ["${file(stack.yml)}", "${file(${self:custom.name}.yml)}"])
def test_what_a_template_includes_is_not_read_twice(write: Write, include: str) -> None:
    text = ONE + f"custom: {{name: stack}}\nresources: {include}\n"
    template = read_template(write({"serverless.yml": text, "stack.yml": STACK, "app.py": ""}))
    assert template.files == ("serverless.yml",)
    assert [r.name.text for r in template.resources if r.type == "AWS::DynamoDB::Table"] == ["things"]


def test_pieces_with_the_frameworks_variables_are_no_templates(write: Write) -> None:
    piece = "Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: '${self:service}'}}\n"
    assert read_template(write({"serverless.yml": ONE, "piece.yml": piece})).files == ("serverless.yml",)


@pytest.mark.parametrize("name", ["serverless.ts", "serverless.js"])
def test_a_template_that_is_a_program_is_said(write: Write, name: str) -> None:
    template = read_template(write({name: "module.exports = {}"}))
    assert template.functions == ()
    assert said(template) == [("template-program", 1)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "template-empty"),
        ("# nothing\n", "template-empty"),
        ("- a\n", "template-empty"),
        ("functions: [\n", "yaml-broken"),
        (b"service: caf\xe9\n", "undecodable"),
    ],
)
def test_a_template_that_cannot_be_read_is_an_error_and_others_go_on(
    write: Write, text: str | bytes, code: str
) -> None:
    template = read_template(write({"good/serverless.yml": ONE, "good/app.py": "", "bad/serverless.yml": text}))
    assert [function.name for function in template.functions] == ["main"]
    [diagnostic] = template.diagnostics
    assert (diagnostic.code, diagnostic.level, diagnostic.span and diagnostic.span.file) == (
        code,
        "error",
        "bad/serverless.yml",
    )


def test_links_are_not_followed_out_of_the_folder(write: Write, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "serverless.yml").write_text(ONE, encoding="utf-8")
    root = write({"serverless.yml": ONE, "app.py": "", "linked/readme.txt": ""})
    (root / "folder").symlink_to(outside)
    (root / "again").symlink_to(root)
    (root / "linked" / "serverless.yml").symlink_to(outside / "serverless.yml")
    template = read_template(root)
    assert template.files == ("serverless.yml",)
    assert [(item.code, item.span and item.span.file) for item in template.diagnostics] == [
        ("path-outside", "folder"),
        ("path-outside", "linked/serverless.yml"),
    ]


def test_state_machines_of_the_plugin(read: Read) -> None:
    template = read(
        """\
        plugins: [serverless-step-functions]
        functions:
          check: {handler: app.main}
          act-now: {handler: app.main}
          started: {handler: app.main, environment: {MACHINE: !Ref ApprovalDashdev}}
        stepFunctions:
          stateMachines:
            approval:
              name: approval-${sls:stage}
              events:
                - http: {path: start, method: POST}
                - schedule: rate(1 day)
              definition: ${file(flow.yml)}
            nameless:
              definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt check.Arn, End: true}}}
            broken: {definition: nothing}
            empty: {}
        """,
        {
            "flow.yml": """\
            StartAt: Check
            States:
              Check: {Type: Task, Resource: !GetAtt CheckLambdaFunction.Arn, Next: Act}
              Act:
                Type: Task
                Resource: arn:aws:states:::lambda:invoke
                Parameters: {FunctionName: 'arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:shop-dev-act-now'}
                End: true
            """
        },
    )
    approval, nameless = template.state_machines
    assert approval.name.text == "approval-dev"
    assert [(state.name, state.function) for state in approval.states.values()] == [
        ("Check", "check"),
        ("Act", "act-now"),
    ]
    assert [trigger.type for trigger in approval.triggers] == ["http", "schedule"]
    assert nameless.states["A"].function == "check"
    assert nameless.logical_id == "NamelessStepFunctionsStateMachine"
    machine = template.function("started").environment["MACHINE"].value
    assert machine.ends_with(":stateMachine:approval-dev").value == "yes"
    assert said(template, level="error") == [("definition-broken", 20), ("definition-missing", 21)]


def test_machines_and_functions_declared_as_resources(read: Read) -> None:
    template = read(
        """\
        functions:
          check: {handler: app.main}
        resources:
          Resources:
            Inline:
              Type: AWS::Lambda::Function
              Properties:
                Runtime: python3.12
                Handler: index.handler
                Role: !GetAtt IamRoleLambdaExecution.Arn
                Code: {ZipFile: "def handler(event, context):\\n    return event\\n"}
            Machine:
              Type: AWS::StepFunctions::StateMachine
              Properties:
                StateMachineName: declared
                Definition:
                  StartAt: A
                  States: {A: {Type: Task, Resource: !GetAtt CheckLambdaFunction.Arn, End: true}}
        """
    )
    assert [(function.name, function.inline_code is not None) for function in template.functions] == [
        ("check", False),
        ("Inline", True),
    ]
    [machine] = template.state_machines
    assert (machine.name.text, machine.states["A"].function) == ("declared", "check")


def test_resources_in_pieces(read: Read) -> None:
    template = read(
        """\
        functions: {f: {handler: app.main, environment: {Q: !GetAtt A.QueueName, P: !If [Big, b, s]}}}
        resources:
          - Parameters: {Size: {Type: String, Default: big}}
            Conditions: {Big: !Equals [!Ref Size, big]}
          - Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: a}}}
          - ${file(more.yml)}
          - ${file(even.js)}
        """,
        {"more.yml": "Resources:\n  B: {Type: AWS::SQS::Queue, Properties: {QueueName: b}}\n"},
    )
    queues = [resource.name.text for resource in template.resources if resource.type == "AWS::SQS::Queue"]
    assert queues == ["a", "b"]
    assert {name: v.value.text for name, v in template.function("f").environment.items()} == {"Q": "a", "P": "b"}
    assert said(template, level="error") == [("resources-unknown", 11)]


def test_resolutions_hold_variables_and_intrinsic_functions(read: Read) -> None:
    template = read(
        "functions: {f: {handler: app.main, environment: {A: '${self:service}', B: !Ref Q}}}\n"
        "resources: {Resources: {Q: {Type: AWS::SQS::Queue}}}\n"
    )
    written = {resolution.written: resolution for resolution in template.resolutions}
    assert set(written) == {"${self:service}", "!Ref Q"}
    text = template.texts["serverless.yml"]
    assert all(resolution.span.text_in(text) == name for name, resolution in written.items())
    assert all(resolution.because for resolution in written.values())


WEIRD = """\
service: [1]
provider: {name: aws, iam: 5, environment: [1], runtime: [x], stage: {a: b}, s3: 5, role: {a: b}, layers: 5}
plugins: 3
layers: q
custom: 1
functions:
  a: {handler: {x: y}, events: {http: x}, environment: {A: [1]}, role: [1], layers: [5], image: 5, url: 7}
  b: 5
  c: {handler: a.b, events: [1, null, {s3: null}, [s3: x], {sqs: []}, {stream: 5}, {schedule: {}}, {http: 5}]}
resources: {Resources: {A: 5, B: {Type: 5}, C: {Type: 'AWS::S3::Bucket', Properties: 5}}, Outputs: 5, Conditions: [1]}
stepFunctions: {stateMachines: [1, {x: 5}]}
"""


def test_parts_of_the_wrong_type_never_raise(write: Write) -> None:
    template = read_template(write({"serverless.yml": WEIRD}))
    assert [function.name for function in template.functions] == ["a", "c"]
    codes = {item.code for item in template.diagnostics}
    assert {"service-missing", "function-malformed", "resources-unknown", "state-machines-unknown"} <= codes


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["a", "a.b", "${self:x}", "!Ref A", "arn:aws:sqs:::q"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "handler", "events", "s3", "sqs", "role", "Ref", "name"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
SECTIONS = ["service", "provider", "functions", "resources", "layers", "plugins", "custom", "stepFunctions", "params"]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(SECTIONS), values))
def test_any_tree_can_be_read(write: Write, tree: dict[str, object]) -> None:
    template = read_template(write({"serverless.yml": json.dumps(tree)}))
    assert template.files == ("serverless.yml",)
    for diagnostic in template.diagnostics:
        assert diagnostic.message.endswith(".")
        assert re.search(r"[:;,] [^:;]*\w+[^:;]*\.$", diagnostic.message), diagnostic.message


def test_many_functions_are_read_in_linear_time(write: Write) -> None:
    def calls(count: int) -> int:
        lines = [HEAD, "  environment: {STAGE: '${sls:stage}', TABLE: '${self:custom.table}'}"]
        lines += ["custom: {table: 't-${sls:stage}'}", "functions:"]
        for number in range(count):
            lines += [f"  f{number}:", "    handler: app.main", "    events:"]
            lines += [f"      - http: GET /{number}", f"      - sqs: !GetAtt Q{number}.Arn"]
            lines += ["    environment:", f"      Q: !Ref Q{number}", f"      N: ${{self:custom.table}}-{number}"]
        lines += ["resources:", "  Resources:"]
        lines += [f"    Q{n}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: q{n}}}}}" for n in range(count)]
        root = write({"serverless.yml": "\n".join(lines), "app.py": ""})
        template, made = counted(lambda: read_template(root))
        assert len(template.functions) == count
        assert template.diagnostics == ()
        return made

    assert calls(400) < 4.5 * calls(100)  # four times as much; quadratic would be sixteen
