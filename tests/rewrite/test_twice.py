"""A file that was rewritten is left as it is, whatever forms its clients and calls have."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: odd
provider:
  name: aws
  iam: {role: {statements: [{Effect: Allow, Action: "*", Resource: "*"}]}}
functions:
  ask: {handler: ask.handler, events: [{httpApi: POST /ask}]}
  answer: {handler: answer.handler, events: [{s3: {bucket: bb, event: "s3:ObjectCreated:*"}}]}
"""
PUT = 'put_object(Bucket="bb", Key=event["k"], Body=event["b"])'
FORMS = {
    "a name bound in the module and in the function": f"""s3 = boto3.client("s3")
def handler(event, context):
    s3 = boto3.client("s3")
    s3.{PUT}
""",
    "a name with a type": f"""s3 = None
def handler(event, context):
    s3: "S3Client" = boto3.client("s3")
    s3.{PUT}
""",
    "what a function makes": f"""def client(name):
    return boto3.client(name)
def handler(event, context):
    client("s3").{PUT}
    return client("s3").{PUT}
""",
    "at the top of the module": f"""s3 = boto3.client("s3")
event = {{"k": "k", "b": "b"}}
s3.{PUT}
if s3.{PUT}:
    pass
def handler(event, context):
    return 1
""",
    "without its import": f"""s3 = boto3.client("s3")
def handler(event, context):
    s3.{PUT}
""",
    "without its import, in a function": f"""def handler(event, context):
    os.environ.get("x")
    boto3.client("s3").{PUT}
    s3 = boto3.client("s3")
    s3.{PUT}
""",
    "without its import, at the top": f"""event = {{"k": 1}}
boto3.client("s3").{PUT}
def handler(event, context):
    return 1
""",
    "a lambda in a variable": f"""def handler(event, context):
    put = lambda: boto3.client("s3").{PUT}
    put()
""",
}


def rewritten(folder: Path, code: str, template: str = TEMPLATE) -> str:
    folder.mkdir()
    (folder / "serverless.yml").write_text(template, encoding="utf-8", newline="\n")
    (folder / "ask.py").write_text(code, encoding="utf-8", newline="\n")
    (folder / "answer.py").write_text("def handler(event, context):\n    return 2\n", encoding="utf-8", newline="\n")
    return load_app(folder).rewriting.files["ask.py"].text


@pytest.mark.parametrize("form", FORMS)
def test_what_is_rewritten_stays(form: str, tmp_path: Path) -> None:
    first = "" if "without its import" in form else "import boto3\n"
    once = rewritten(tmp_path / "once", first + FORMS[form])
    assert "answer_handler(" in once
    assert rewritten(tmp_path / "twice", once) == once


def test_a_second_call_that_does_not_say_what_it_calls_is_no_first_one(tmp_path: Path) -> None:
    code = "def handler(event, context):\n    f = lambda: event['a']\n    return f() or g()\ndef g(): pass\n"
    assert "(f() or event['a'])" in rewritten(tmp_path / "a", code)


def test_a_handler_that_may_wake_itself(tmp_path: Path) -> None:
    """The second reading follows the written call, and finds another name that the bucket may have."""
    itself = TEMPLATE.replace("httpApi: POST /ask", 's3: {bucket: bb, event: "s3:ObjectCreated:*"}')
    code = 'import boto3\ns3 = boto3.client("s3")\ndef handler(event, context):\n'
    code += '    s3.put_object(Bucket=event["bucket"], Key="k", Body=event["b"])\n'
    once = rewritten(tmp_path / "once", code, itself)
    assert "    handler(s3_event, None)" in once
    assert rewritten(tmp_path / "twice", once, itself) == once


@pytest.mark.parametrize(
    ("function", "written"),
    [
        ("lambda x: lambda y: y", "(f(event) or (lambda y: y))"),
        ("lambda x: x if x else 1", "(f(event) or (event if event else 1))"),
        ("lambda x: (y := x)", "return f(event)"),
        ("lambda x: (yield x)", "return f(event)"),
        ("lambda x: [x, 1]", "(f(event) or [event, 1])"),
        ("lambda x: [x for x in x]", "return f(event)"),
        ("lambda x: lambda event: [x, event]", "return f(event)"),
        ("(lambda x: lambda y: [x, y])(1)", "return f(event)"),
    ],
)
def test_the_expression_of_a_lambda_stays_what_it_is(function: str, written: str, tmp_path: Path) -> None:
    code = f"def handler(event, context):\n    f = {function}\n    return f(event)\n"
    once = rewritten(tmp_path / "once", code)
    assert written in once
    assert rewritten(tmp_path / "twice", once) == once
