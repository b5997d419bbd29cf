"""Applications in which one thing is wrong, each beside a healthy pair of handlers that must not suffer from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sls_lab.facts import Level

OUTSIDE = "outside"  #: the folder beside the application, into which nothing may look

HEAD = """\
service: shop
frameworkVersion: "3"
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action: sqs:SendMessage
          Resource: "*"
"""

HEALTHY_FUNCTIONS = """\
functions:
  healthy:
    handler: healthy.handler
    events:
      - httpApi: POST /orders
  woken:
    handler: woken.handler
    events:
      - sqs:
          arn: arn:aws:sqs:eu-west-1:111122223333:orders
"""

HEALTHY_FILES: Mapping[str, str | bytes] = {
    "healthy.py": """\
import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"
    sqs.send_message(QueueUrl=url, MessageBody=event["body"])
""",
    "woken.py": """\
import os


def handler(event, context):
    os.system(event["Records"][0]["body"])
""",
}

GOOD_HANDLER = "def handler(event, context):\n    return event\n"


@dataclass(frozen=True)
class Said:
    """A diagnostic that must be there: `at` is a text of the file's line that it must name, None for any line."""

    code: str
    file: str
    at: str | None = None
    level: Level = "error"


@dataclass(frozen=True)
class Case:
    """One application. `links` are symbolic links: their name, and what they point to."""

    name: str
    files: Mapping[str, str | bytes]
    says: tuple[Said, ...]
    unseen: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    links: Mapping[str, str] = field(default_factory=dict)
    healthy: tuple[str, str] = ("healthy", "woken")

    def build(self, root: Path) -> Path:
        """Write the application below `root`, with a folder beside it that it must not leave for."""
        app = root / "app"
        for name, content in self.files.items():
            file = app / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        outside = root / OUTSIDE
        outside.mkdir()
        (outside / "secret.py").write_text(GOOD_HANDLER, encoding="utf-8")
        (outside / "secret.yml").write_text("table: secret-table\n", encoding="utf-8")
        for name, target in self.links.items():
            link = app / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(target)
        return app


def functions(more: str, *, head: str = HEAD) -> str:
    """A template with the healthy pair and `more` functions, written at the margin of a function's name."""
    return head + HEALTHY_FUNCTIONS + "".join(f"  {line}\n" for line in more.splitlines())


def beside(
    name: str,
    more: str,
    files: Mapping[str, str | bytes],
    *says: Said,
    unseen: frozenset[str] = frozenset(),
    seen: frozenset[str] = frozenset(),
) -> Case:
    """A case in which a function called `odd` stands beside the healthy pair."""
    return Case(name, {"serverless.yml": functions(more), **HEALTHY_FILES, **files}, says, unseen, seen)


def http(handler: str, name: str = "odd") -> str:
    """One more function that the outside world can call."""
    return f"{name}:\n  handler: {handler}\n  events:\n    - httpApi: POST /{name}\n"


ODD = frozenset({"odd"})


def laughs(again: str, anchored: bool) -> str:
    """Ten lists, each of nine times the one before; `again` is how the one before is written."""
    lines = ["custom:"]
    for number in range(10):
        anchor = f"&laugh{number} " if anchored else ""
        items = [again.format(number - 1)] * 9 if number else ['"ha"'] * 3
        lines.append(f"  laugh{number}: {anchor}[{', '.join(items)}]")
    return "\n".join(lines) + "\n"


LAUGHS = laughs("*laugh{}", anchored=True)
VARIABLE_LAUGHS = laughs('"${{self:custom.laugh{}}}"', anchored=False)

OTHER_LANGUAGES = (
    beside(
        "node-function",
        "odd:\n  handler: index.handler\n  runtime: nodejs20.x\n  events:\n    - httpApi: GET /odd\n",
        {"index.js": "exports.handler = async () => ({ statusCode: 200 });\n"},
        Said("not-python", "serverless.yml", "index.handler"),
        unseen=ODD,
    ),
    beside(
        "container-image",
        "odd:\n  image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/odd:1\n  events:\n    - httpApi: GET /odd\n",
        {},
        Said("container-image", "serverless.yml", "image:"),
        unseen=ODD,
    ),
    beside(
        "python-2",
        http("odd.handler"),
        {"odd.py": 'def handler(event, context):\n    print "hello", event["body"]\n'},
        Said("python-2", "odd.py", "print"),
        unseen=ODD,
    ),
)

BROKEN_CODE = (
    beside(
        "syntax-error",
        http("odd.handler"),
        {"odd.py": "def handler(event, context):\n    return (1,\n\n\ndef other():\n    pass\n"},
        Said("syntax-error", "odd.py"),
        unseen=ODD,
    ),
    beside(
        "undecodable-bytes",
        http("odd.handler"),
        {"odd.py": b"def handler(event, context):\n    return 'caf\xe9'\n"},
        Said("undecodable", "odd.py", "caf"),
        unseen=ODD,
    ),
    beside(
        "unknown-encoding",
        http("odd.handler"),
        {"odd.py": "# -*- coding: klingon -*-\n" + GOOD_HANDLER},
        Said("undecodable", "odd.py", "klingon"),
        unseen=ODD,
    ),
    beside(
        "null-bytes",
        http("odd.handler"),
        {"odd.py": b"def handler(event, context):\n    return '\0'\n"},
        Said("null-bytes", "odd.py"),
        unseen=ODD,
    ),
    beside(
        "nested-too-deeply",
        http("odd.handler"),
        {"odd.py": "def handler(event, context):\n    return " + "(" * 500 + "1" + ")" * 500 + "\n"},
        Said("nested-too-deeply", "odd.py"),
        unseen=ODD,
    ),
    beside(
        "long-chain",
        http("odd.handler"),
        {"odd.py": "def handler(event, context):\n    return " + " + ".join(["event"] * 4000) + "\n"},
        Said("nested-too-deeply", "odd.py"),
        unseen=ODD,
    ),
    beside(
        "handler-file-missing",
        http("nowhere/odd.handler"),
        {},
        Said("handler-file-missing", "serverless.yml", "nowhere/odd.handler"),
        unseen=ODD,
    ),
    beside(
        "handler-function-missing",
        http("odd.handler"),
        {"odd.py": "def handle(event, context):\n    return event\n"},
        Said("handler-function-missing", "serverless.yml", "odd.handler"),
        unseen=ODD,
    ),
    beside(
        "empty-handler-file",
        http("odd.handler"),
        {"odd.py": ""},
        Said("handler-function-missing", "serverless.yml", "odd.handler"),
        unseen=ODD,
    ),
    beside(
        "handler-without-dot",
        http("odd"),
        {"odd.py": GOOD_HANDLER},
        Said("handler-malformed", "serverless.yml", "handler: odd"),
        unseen=ODD,
    ),
    beside(
        "handler-not-written",
        "odd:\n  events:\n    - httpApi: GET /odd\n",
        {},
        Said("handler-missing", "serverless.yml", "odd:"),
        unseen=ODD,
    ),
    beside(
        "broken-helper",
        http("odd.handler"),
        {"odd.py": "import helper\n\n\n" + GOOD_HANDLER, "helper.py": "def help(:\n"},
        Said("syntax-error", "helper.py", "def help"),
    ),
)

BROKEN_TEMPLATES = (
    Case(
        "broken-yaml",
        {
            "good/serverless.yml": functions(""),
            **{f"good/{name}": text for name, text in HEALTHY_FILES.items()},
            "bad/serverless.yml": "service: bad\nfunctions:\n  odd:\n\thandler: odd.handler\n",
        },
        (Said("yaml-broken", "bad/serverless.yml", "\thandler"),),
    ),
    Case(
        "broken-json",
        {
            "good/serverless.yml": functions(""),
            **{f"good/{name}": text for name, text in HEALTHY_FILES.items()},
            "bad/serverless.json": '{"service": "bad", "functions": {"odd": {"handler": "odd.handler"\n',
        },
        (Said("yaml-broken", "bad/serverless.json"),),
    ),
    Case(
        "undecodable-template",
        {
            "good/serverless.yml": functions(""),
            **{f"good/{name}": text for name, text in HEALTHY_FILES.items()},
            "bad/serverless.yml": b"service: caf\xe9\nfunctions: {}\n",
        },
        (Said("undecodable", "bad/serverless.yml", "caf"),),
    ),
    Case(
        "empty-template",
        {
            "good/serverless.yml": functions(""),
            **{f"good/{name}": text for name, text in HEALTHY_FILES.items()},
            "bad/serverless.yml": "",
        },
        (Said("template-empty", "bad/serverless.yml"),),
    ),
    Case(
        "alias-bomb",
        {"serverless.yml": functions("", head=HEAD + LAUGHS), **HEALTHY_FILES},
        (Said("alias-bomb", "serverless.yml"),),
    ),
    Case(
        "variable-bomb",
        {
            "serverless.yml": functions(
                "odd:\n  handler: odd.handler\n  tags:\n    many: ${self:custom.laugh9}\n",
                head=HEAD + VARIABLE_LAUGHS,
            ),
            "odd.py": GOOD_HANDLER,
            **HEALTHY_FILES,
        },
        (Said("variable-bomb", "serverless.yml"),),
        seen=ODD,
    ),
    Case(
        "alias-within-itself",
        {"serverless.yml": functions("", head=HEAD + "custom: &all\n  inner: *all\n"), **HEALTHY_FILES},
        (Said("alias-cycle", "serverless.yml", "*all"),),
    ),
    Case(
        "tag-constructing-objects",
        {
            "serverless.yml": functions(
                "", head=HEAD + "custom:\n  trick: !!python/object/apply:os.mkdir [constructed]\n"
            ),
            **HEALTHY_FILES,
        },
        (Said("tag-refused", "serverless.yml", "!!python"),),
    ),
    Case(
        "too-deep",
        {"serverless.yml": functions("", head=HEAD + "custom: " + "[" * 500 + "]" * 500 + "\n"), **HEALTHY_FILES},
        (Said("too-deep", "serverless.yml", "custom:"),),
    ),
    Case(
        "cyclic-variables",
        {
            "serverless.yml": functions(
                http("odd.handler").replace("  events", "  environment:\n    NAME: ${self:custom.one}\n  events"),
                head=HEAD + "custom:\n  one: ${self:custom.two}\n  two: a-${self:custom.one}\n",
            ),
            "odd.py": GOOD_HANDLER,
            **HEALTHY_FILES,
        },
        (Said("variable-cycle", "serverless.yml", "${self:custom.", "warning"),),
        seen=ODD,
    ),
    Case(
        "variable-of-itself",
        {
            "serverless.yml": functions(http("odd.handler"), head=HEAD + "custom: ${self:custom}\n"),
            "odd.py": GOOD_HANDLER,
            **HEALTHY_FILES,
        },
        (Said("variable-cycle", "serverless.yml", "${self:custom}", "warning"),),
        seen=ODD,
    ),
    beside(
        "duplicate-function",
        http("odd.handler") + http("other.handler", '"odd"'),
        {"odd.py": GOOD_HANDLER, "other.py": GOOD_HANDLER},
        Said("duplicate-key", "serverless.yml", '"odd":', "warning"),
        seen=ODD,
    ),
)

LINKS = (
    Case(
        "handler-linked-to-outside",
        {"serverless.yml": functions(http("odd.handler")), **HEALTHY_FILES},
        (Said("path-outside", "serverless.yml", "odd.handler"),),
        unseen=ODD,
        links={"odd.py": f"../{OUTSIDE}/secret.py"},
    ),
    Case(
        "folder-linked-to-outside",
        {"serverless.yml": functions(http("linked/secret.handler")), **HEALTHY_FILES},
        (Said("path-outside", "serverless.yml", "linked/secret.handler"),),
        unseen=ODD,
        links={"linked": f"../{OUTSIDE}"},
    ),
    beside(
        "handler-path-to-outside",
        http(f"../{OUTSIDE}/secret.handler"),
        {},
        Said("path-outside", "serverless.yml", f"../{OUTSIDE}/secret.handler"),
        unseen=ODD,
    ),
    Case(
        "included-file-linked-to-outside",
        {"serverless.yml": functions("", head=HEAD + "custom: ${file(names.yml)}\n"), **HEALTHY_FILES},
        (Said("path-outside", "serverless.yml", "file(names.yml)"),),
        links={"names.yml": f"../{OUTSIDE}/secret.yml"},
    ),
    Case(
        "template-linked-to-outside",
        {
            "good/serverless.yml": functions(""),
            **{f"good/{name}": text for name, text in HEALTHY_FILES.items()},
        },
        (),
        links={"bad/serverless.yml": f"../../{OUTSIDE}/secret.yml"},
    ),
    Case(
        "link-to-itself",
        {"serverless.yml": functions(http("odd.handler")), **HEALTHY_FILES},
        (Said("file-missing", "serverless.yml", "odd.handler"),),
        unseen=ODD,
        links={"odd.py": "odd.py"},
    ),
    Case(
        "folder-linked-into-itself",
        {"serverless.yml": functions(http("odd.handler")), "odd.py": GOOD_HANDLER, **HEALTHY_FILES},
        (),
        seen=ODD,
        links={"again": "."},
    ),
    Case(
        "link-within-the-folder",
        {"serverless.yml": functions(http("odd.handler")), "real/code.py": GOOD_HANDLER, **HEALTHY_FILES},
        (),
        seen=ODD,
        links={"odd.py": "real/code.py"},
    ),
)

NAMES = (
    beside(
        "names-that-are-no-identifiers",
        http("my-code/2nd-part.handler") + http("class/lambda.handler", "import") + http("größe.handler", "size"),
        {
            "my-code/2nd-part.py": GOOD_HANDLER,
            "class/lambda.py": GOOD_HANDLER,
            "größe.py": "def handler(event, context):\n    größe = event\n    return größe\n",
        },
        seen=frozenset({"odd", "import", "size"}),
    ),
    beside(
        "same-file-name",
        http("one/app.handler", "one")
        + http("two/app.handler", "two")
        + http("my-two/app.handler", "three")
        + http("my_two/app.handler", "four"),
        {f"{folder}/app.py": GOOD_HANDLER for folder in ("one", "two", "my-two", "my_two")},
        seen=frozenset({"one", "two", "three", "four"}),
    ),
    beside(
        "names-of-the-standard-library",
        http("json.handler", "json") + http("boto3/os.handler", "os"),
        {"json.py": GOOD_HANDLER, "boto3/os.py": GOOD_HANDLER},
        seen=frozenset({"json", "os"}),
    ),
    beside(
        "parts-of-the-wrong-type",
        'odd:\n  handler: [odd, handler]\n  events: "daily"\n  environment: none\n',
        {"odd.py": GOOD_HANDLER},
        Said("handler-unknown", "serverless.yml", "[odd, handler]"),
        unseen=ODD,
    ),
)

CASES = (*OTHER_LANGUAGES, *BROKEN_CODE, *BROKEN_TEMPLATES, *LINKS, *NAMES)
