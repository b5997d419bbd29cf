"""One hand-built application with something of everything, so that reports are tested without any other room."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from asttokens import ASTText

from sls_lab.advice import Advice
from sls_lab.code.model import BotoCall, Code, Handler
from sls_lab.events.model import Edge, Entry, EventGraph
from sls_lab.facts import Diagnostic, Pattern, Reason, Span
from sls_lab.python.module import Module
from sls_lab.replay.confirmation import Confirmed
from sls_lab.rewrite.model import Rewriting, RewrittenFile
from sls_lab.silence import Silenced
from sls_lab.taint.model import Endpoint, Flow, Rule, SetAside, Step, TaintReport
from sls_lab.template.model import Function, Role, Template, Trigger
from sls_lab.template.shared.node import Node

TEMPLATE = """\
service: photo-pipeline
functions:
  upload:
    handler: src/upload.handler
    events:
      - http: POST /upload
  resize:
    handler: src/resize.handler
    events:
      - s3: {bucket: photos, rules: [{prefix: upload/}]}
  archive:
    handler: src/archive.handler
    events:
      - s3: {bucket: photos, rules: [{prefix: old/}]}
  thumbnails:
    handler: index.handler
    runtime: nodejs20.x
"""
UPLOAD = """\
import boto3

s3 = boto3.client("s3")


def handler(event, context):
    name = event["body"]
    if name:
    \ttitle = "写真 " + name; s3.put_object(Bucket="photos", Key="upload/" + title, Body=b"")
    return {"statusCode": 200, "body": "<ok> & \\"done\\""}
"""
RESIZE = """\
import os


def handler(event, context):
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        os.system(
            "convert " + key
        )
"""
ARCHIVE = """\
def handler(event, context):
    return None
"""
FILES = {"src/upload.py": UPLOAD, "src/resize.py": RESIZE, "src/archive.py": ARCHIVE}


def at(file: str, text: str, nth: int = 1) -> Span:
    """The span of the `nth` occurrence of `text` in a file of the sample."""
    source = FILES.get(file, TEMPLATE)
    start = -1
    for _ in range(nth):
        start = source.index(text, start + 1)
    before, inside = source[:start], source[: start + len(text)]
    return Span(
        file,
        before.count("\n") + 1,
        start - (before.rfind("\n") + 1),
        inside.count("\n") + 1,
        len(inside) - (inside.rfind("\n") + 1),
    )


@dataclass(frozen=True)
class Sample:
    """The five results, written down by hand; it has what `sls_lab.report.Results` asks for."""

    path: Path
    template: Template
    code: Code
    events: EventGraph
    rewriting: Rewriting
    flows: TaintReport
    advice: tuple[Advice, ...]
    diagnostics: tuple[Diagnostic, ...]
    timings: Mapping[str, float] = field(
        default_factory=lambda: {"template": 0.01, "code": 0.02, "events": 0.003, "rewrite": 0.004, "taint": 1.5}
    )
    complete: bool = False
    confirmed: Confirmed | None = None
    silenced: tuple[Silenced, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name


def text_node(text: str) -> Node:
    return Node(Pattern.of(text), at("serverless.yml", "functions"))


def function(name: str, handler: str, triggers: tuple[Trigger, ...], language: str = "python") -> Function:
    file = handler.rpartition(".")[0] + ".py"
    return Function(
        name=name,
        logical_id=name.capitalize() + "LambdaFunction",
        deployed_name=Pattern.of(f"photo-pipeline-dev-{name}"),
        template="serverless.yml",
        handler=handler,
        file=file if language == "python" else None,
        attribute="handler" if language == "python" else None,
        code_root="",
        layers=(),
        runtime="python3.12" if language == "python" else "nodejs20.x",
        language="python" if language == "python" else "other",
        inline_code=None,
        triggers=triggers,
        environment={},
        role=Role((), complete=True),
        span=at("serverless.yml", f"{name}:"),
        handler_span=at("serverless.yml", handler),
    )


def module(file: str) -> Module:
    tree = ast.parse(FILES[file])
    return Module(file, FILES[file], tree, ASTText(FILES[file], tree=tree), (file[:-3].replace("/", "."),))


def handler(name: str, module: Module) -> Handler:
    definition = next(node for node in module.tree.body if isinstance(node, ast.FunctionDef))
    span = at(module.file, "def handler(event, context):")
    return Handler(name, module.file, module.file, "handler", "handler", definition, "event", span)


def sample() -> Sample:
    """upload (public) puts an object that wakes resize, which runs a shell; archive listens to another prefix."""
    http = Trigger(
        "http",
        None,
        None,
        {"method": text_node("POST"), "path": text_node("/upload")},
        at("serverless.yml", "http: POST /upload"),
    )
    uploaded = Trigger("s3", "s3", Pattern.of("photos"), {}, at("serverless.yml", "s3: {bucket: photos", 1))
    old = Trigger("s3", "s3", Pattern.of("photos"), {}, at("serverless.yml", "s3: {bucket: photos", 2))
    template = Template(
        root=Path("/apps/photo-pipeline"),
        kind="serverless",
        files=("serverless.yml",),
        texts={"serverless.yml": TEMPLATE},
        functions=(
            function("upload", "src/upload.handler", (http,)),
            function("resize", "src/resize.handler", (uploaded,)),
            function("archive", "src/archive.handler", (old,)),
            function("thumbnails", "index.handler", (), "other"),
        ),
        resources=(),
        relays=(),
        subscriptions=(),
        state_machines=(),
        resolutions=(),
        diagnostics=(),
    )
    modules = {file: module(file) for file in FILES}
    put = at("src/upload.py", 's3.put_object(Bucket="photos", Key="upload/" + title, Body=b"")')
    call_node = next(
        node
        for node in ast.walk(modules["src/upload.py"].tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "s3.put_object"
    )
    call = BotoCall("upload", "s3", "client", "put_object", {}, call_node, "src/upload.py", put)
    unseen = Diagnostic(
        "not-python",
        "the runtime is nodejs20.x: only Python functions are analysed",
        at("serverless.yml", "nodejs20.x"),
    )
    code = Code(
        modules=modules,
        handlers={
            "upload": handler("upload", modules["src/upload.py"]),
            "resize": handler("resize", modules["src/resize.py"]),
            "archive": handler("archive", modules["src/archive.py"]),
        },
        calls=(call,),
        unseen={"thumbnails": unseen},
        reached={},
        diagnostics=(unseen,),
    )
    because = (
        Reason('the bucket is named "photos"', at("src/upload.py", '"photos"')),
        Reason("archive listens to it", at("serverless.yml", "s3: {bucket: photos", 2)),
    )
    linked = Edge("upload", "resize", "s3", "put_object", "linked", True, call, uploaded, (), because[:1])
    no_prefix = Reason("the key begins with upload/, the prefix is old/", at("serverless.yml", "prefix: old/"))
    edges = (
        linked,
        Edge("upload", "archive", "s3", "put_object", "filtered", True, call, old, (), (*because, no_prefix)),
        Edge("upload", None, "lambda", "invoke", "unresolved", False, call, None, (), (Reason("no name is known"),)),
    )
    events = EventGraph(
        edges=edges,
        entries={
            "upload": Entry("public", (Reason("anyone can send the request", http.span),)),
            "resize": Entry("internal", (Reason("only upload writes to photos", put),)),
            "archive": Entry("external", ()),
        },
        ignored=frozenset(),
        diagnostics=(),
    )
    rewritten = UPLOAD.replace('Body=b"")', 'Body=b""); resize({}, None)')
    files = {
        "src/upload.py": RewrittenFile("src/upload.py", UPLOAD, rewritten, ()),
        "src/archive.py": RewrittenFile("src/archive.py", ARCHIVE, ARCHIVE, ()),
    }
    note = Diagnostic("variable-not-given", "STAGE is not known; pass --env STAGE=VALUE", None)
    return Sample(
        path=Path("/apps/photo-pipeline"),
        template=template,
        code=code,
        events=events,
        rewriting=Rewriting(files=files, modules={}, diagnostics=()),
        flows=taint_report(),
        advice=(
            Advice(
                "no-authoriser",
                "POST /upload has no authoriser: anyone can call it",
                at("serverless.yml", "http: POST /upload"),
            ),
        ),
        diagnostics=(unseen, note),
    )


def taint_report() -> TaintReport:
    """The one flow of the sample, and one that is set aside."""
    rule = Rule(
        6001,
        "ShellInjection",
        "code-injection",
        "User data reaches a shell",
        "high",
        "CWE-78",
        "Pass a list to subprocess.run, or quote with shlex.quote.",
    )
    event = at("src/upload.py", "event")
    sink = at("src/resize.py", '"convert " + key')
    put = at("src/upload.py", '"upload/" + title')
    steps = (
        Step("source", "upload", event, "event", "an outsider sends the event"),
        Step("propagation", "upload", at("src/upload.py", '"写真 " + name'), '"写真 " + name', "joined to a text"),
        Step("event", "upload", put, '"upload/" + title', "becomes the object's key"),
        Step("propagation", "resize", at("src/resize.py", 'record["s3"]["object"]["key"]'), "…", "reads the key"),
        Step(
            "sink",
            "resize",
            replace(at("src/resize.py", "os.system("), end_line=9, end_column=9),
            "os.system(…)",
            "runs in a shell",
        ),
    )
    address = Rule(
        6002,
        "RequestUrl",
        "ssrf",
        "User data reaches an address",
        "medium",
        "CWE-918",
        "Keep the host fixed.",
    )
    harmless = Flow(
        address,
        Endpoint("upload", event, "event", "EventParameter", "public"),
        Endpoint("resize", sink, '"convert " + key', "Address", None),
        (steps[0], *steps[3:]),
        alternatives=0,
        doubts=(Reason("s3.put_object of `upload` wakes `resize`", put),),
    )
    return TaintReport(
        flows=(
            Flow(
                rule,
                Endpoint("upload", event, "event", "EventParameter", "public"),
                Endpoint("resize", sink, '"convert " + key', "Shell", None),
                steps,
                alternatives=1,
            ),
        ),
        analysed="live",
        unseen={},
        considered=("upload",),
        left_out=("archive (external)",),
        diagnostics=(),
        versions={"pyre-check": "0.10.0", "pyrefly": "1.4.1"},
        set_aside=(SetAside(harmless, Reason("the host is fixed", sink)),),
    )
