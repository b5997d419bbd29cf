"""Which ways from a secret to a sink expose it: what a library was given it for shows nothing of it."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.python.positions import span_of
from sls_lab.taint.judge.secrets import keeps_secret
from sls_lab.taint.model import Step
from sls_lab.taint.secret_rules import SECRET_RULES

RULE = {rule.name: rule for rule in SECRET_RULES}
HEAD = """import ast, base64, boto3, hashlib, hmac, json, jwt, os, re, requests, stripe, urllib.parse
from mine import wrap
def handler(event, context):
    key = os.environ["KEY"]
"""


def why(body: str, rule: str = "LogMessage") -> str | None:
    """Why the last call of a handler with this body, reached by way of each statement, does not expose the key."""
    text = HEAD + "".join(f"    {line}\n" for line in body.split("\n"))
    module = parse_text("h.py", text)
    own = parse_text("mine.py", "def wrap(text):\n    return text\n")
    assert isinstance(module, Module)
    assert isinstance(own, Module)
    function = module.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    values = [one.value for one in function.body if isinstance(one, ast.Assign | ast.Expr)]
    call = values[-1]
    assert isinstance(call, ast.Call)
    steps = [Step("propagation", "h", span_of(module, one), "", "") for one in values]
    reason = keeps_secret(RULE[rule], steps, call, {"h.py": module, "mine.py": replace(own, names=("mine",))})
    assert reason is None or (reason.span is not None and reason.span.file == "h.py")
    return reason.text if reason is not None else None


@pytest.mark.parametrize(
    ("body", "used"),
    [
        ("client = stripe.Client(key)\nprint(client)", "stripe.Client"),
        ("client = stripe.Client(api_key=key)\nprint(client)", "stripe.Client"),
        ("token = jwt.encode({'a': 1}, key)\nprint(token)", "jwt.encode"),
        ("digest = hashlib.sha256(key.encode())\nprint(digest)", "hashlib.sha256"),
        ("sign = hmac.new(key.encode(), b'x', 'sha256')\nprint(sign)", "hmac.new"),
        ("client = stripe.Client('x')\nfound = client.login([key])\nprint(found)", "client.login"),
        ("client = stripe.Client(f'key {key}')\nprint(client)", "stripe.Client"),
    ],
)
def test_what_a_library_makes_of_a_secret_need_not_hold_it(body: str, used: str) -> None:
    assert why(body) == f"`{used}` is given the secret, and what it returns need not hold it"


def test_a_library_that_is_given_a_part_of_what_a_function_returned() -> None:
    text = HEAD.replace('os.environ["KEY"]', "read()") + "    client = stripe.Client(read().dsn)\n    print(client)\n"
    module = parse_text("h.py", text)
    assert isinstance(module, Module)
    calls = {ast.unparse(node): span_of(module, node) for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    steps = [Step("call", "h", calls["read()"], "", ""), Step("sink", "h", calls["print(client)"], "", "")]
    reason = keeps_secret(RULE["LogMessage"], [steps[0], steps[0], steps[1]], None, {"h.py": module})
    assert reason is not None
    assert reason.text.startswith("`stripe.Client`")


def test_a_library_that_is_given_what_a_function_returned() -> None:
    text = HEAD.replace('os.environ["KEY"]', "read()") + "    client = stripe.Client(read())\n    print(client)\n"
    module = parse_text("h.py", text)
    assert isinstance(module, Module)
    places = {ast.unparse(node): node for node in ast.walk(module.tree) if isinstance(node, ast.Call)}
    way = (places["read()"], places["stripe.Client(read())"], places["print(client)"])
    steps = [Step("call", "h", span_of(module, one), "", "") for one in way]
    reason = keeps_secret(RULE["LogMessage"], steps, None, {"h.py": module})
    assert reason is not None and reason.text.startswith("`stripe.Client` is given the secret")


@pytest.mark.parametrize(
    "body",
    [
        "print(key)",
        "print('key: ' + key.upper())",
        "text = json.dumps({'key': key})\nprint(text)",
        "text = base64.b64encode(key.encode())\nprint(text)",
        "text = re.sub('a', 'b', key)\nprint(text)",
        "text = urllib.parse.quote(key)\nprint(text)",
        "text = os.path.join('/tmp', key)\nprint(text)",
        "text = str(key)\nprint(text)",
        "text = wrap(key)\nprint(text)",
        "stripe.Client(key)\nprint(key)",  # what it returns is not used
        "other = stripe.Client('x')\nprint(key)",
    ],
)
def test_another_form_of_a_secret_is_the_secret(body: str) -> None:
    assert why(body) is None


def test_the_call_at_the_end_is_what_exposes_it() -> None:
    assert why("found = requests.post('https://a.example', data=key)", "RequestBody") is None
    assert why("found = requests.post('https://a.example', data=jwt.encode({}, key))", "RequestBody")


PUT = "boto3.client('s3').put_object(Bucket='b', Key='k', Body=key{})"
PARAMETER = "boto3.client('ssm').put_parameter(Name='n', Value=key{})"


@pytest.mark.parametrize(
    ("call", "more", "kept"),
    [
        (PUT, ", ServerSideEncryption='aws:kms'", True),
        (PUT, ", ServerSideEncryption='aws:kms:dsse'", True),
        (PUT, ", ServerSideEncryption='AES256'", False),
        (PUT, ", ServerSideEncryption=event['how']", False),
        (PUT, "", False),
        (PARAMETER, ", Type='SecureString'", True),
        (PARAMETER, ", Type='String'", False),
    ],
)
def test_a_secret_that_is_stored_with_a_key_of_its_own_is_kept(call: str, more: str, kept: bool) -> None:
    expected = "it is stored encrypted, with a key of its own" if kept else None
    assert why(call.format(more), "StoredValue") == expected
