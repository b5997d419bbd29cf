"""Serverless variables: every source, nesting, fallbacks, and what stays unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sls_lab.aws.arn import ACCOUNT, REGION
from sls_lab.facts import Hole, HoleKind, Pattern
from sls_lab.template.model import Options
from sls_lab.template.serverless.source_files import SourceFiles
from sls_lab.template.serverless.variable_syntax import parse_text
from sls_lab.template.serverless.variables import Variables
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.plain_tree import plain_node
from sls_lab.template.shared.raw_tree import RawNode, parse_raw
from sls_lab.template.shared.template_part import Log


class Read:
    """A tree with its variables resolved, and what was said about it."""

    def __init__(self, root: Path, text: str, files: Mapping[str, str] | None = None, **options: Any):
        for name, content in {"serverless.yml": text, **(files or {})}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(dedent(content), encoding="utf-8")
        self.log = Log()
        sources = SourceFiles(root, self.log)
        raw = sources.tree("serverless.yml")
        assert isinstance(raw, RawNode)
        self.tree = Variables(raw, sources, Options(**options), "", self.log).resolve(raw)

    def pattern(self, *path: str) -> Pattern | None:
        node = self.tree.get(*path)
        return node.pattern if node is not None else None

    def text(self, *path: str) -> str | None:
        pattern = self.pattern(*path)
        return pattern.text if pattern is not None else None

    @property
    def said(self) -> list[tuple[str, int]]:
        return [(item.code, item.span.line if item.span else 0) for item in self.log.diagnostics]


def value_of(root: Path, written: str, more: str = "", **options: Any) -> Read:
    """`written` as the value of `x`, on line 1."""
    return Read(root, f"x: {json.dumps(written)}\n{dedent(more)}", **options)


CUSTOM = """\
service: shop
provider: {name: aws, stage: prod, region: eu-west-1}
custom:
  a: one
  n: 5
  t: true
  nothing: null
  list: [first, {name: second}]
  prod: {bucket: prod-bucket}
  which: prod
  indirect: ${self:custom.a}
  mapping: ${self:custom.prod}
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${self:service}", "shop"),
        ("${self:custom.a}", "one"),
        ("<${self:custom.a}/${self:custom.n}>", "<one/5>"),
        ("${self:custom.indirect}-x", "one-x"),
        ("${self:custom.mapping.bucket}", "prod-bucket"),
        ("${self:custom.list.0}", "first"),
        ("${self:custom.list.1.name}", "second"),
        ("${self:custom.${self:provider.stage}.bucket}", "prod-bucket"),
        ("${self:custom.${self:custom.which}.${self:custom.none, 'bucket'}}", "prod-bucket"),
        ("${opt:stage, self:provider.stage}", "prod"),
        ("${opt:stage, ${self:provider.stage}}", "prod"),
        ("${opt:stage, 'dev'}", "dev"),
        ('${opt:stage, "dev"}', "dev"),
        ("${opt:none, self:custom.none, self:custom.nothing, 'a, b} c'}", "a, b} c"),
        ("${opt:stage, dev}", "dev"),
        ("${opt:stage, ''}", ""),
        ("${opt:none, '${self:custom.a}-x'}", "one-x"),
        ("${ self:custom.a }", "one"),
        ("${opt:count, 3}", "3"),
        ("${opt:flag, false}", "false"),
        ("${sls:stage}", "prod"),
        ("${aws:region}", "eu-west-1"),
        ("${strToBool(${self:custom.t})}", "true"),
        ("${strToBool(0)}", "false"),
        ("\\${self:custom.a}", "${self:custom.a}"),
        ("${AWS::Region}", "${AWS::Region}"),
        ("${Queue.Arn}-${self:custom.a}", "${Queue.Arn}-one"),
        ("${cognito-identity.amazonaws.com:sub}", "${cognito-identity.amazonaws.com:sub}"),
        ("#{AWS::AccountId}", "#{AWS::AccountId}"),
        ("${unclosed:x", "${unclosed:x"),
        ("$notavariable {x}", "$notavariable {x}"),
    ],
)
def test_a_variable_that_is_known(tmp_path: Path, written: str, expected: str) -> None:
    read = value_of(tmp_path, written, CUSTOM)
    assert read.text("x") == expected
    assert read.said == []


def test_a_whole_mapping_list_number_or_truth_value_keeps_its_kind(tmp_path: Path) -> None:
    read = Read(
        tmp_path,
        CUSTOM
        + "m: ${self:custom.prod}\nl: ${self:custom.list}\nn: ${self:custom.n}\nt: ${self:custom.t}\nz: ${opt:z, null}",
    )
    assert read.text("m", "bucket") == "prod-bucket"
    assert [item.text for item in (read.tree.get("l") or Node(None, read.tree.span)).items] == ["first", None]
    assert [getattr(read.tree.get(name), "value", "") for name in "ntz"] == [5, True, None]


def test_options_answer(tmp_path: Path) -> None:
    read = value_of(
        tmp_path,
        "${opt:stage}/${opt:size}/${env:HOME}/${param:key}/${sls:stage}/${aws:region}",
        CUSTOM,
        opt={"stage": "test", "size": "xl", "region": "us-west-2"},
        env={"HOME": "den"},
        param={"key": "value"},
    )
    assert read.text("x") == "test/xl/den/value/test/us-west-2"


def test_the_analysts_own_environment_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "mine")
    read = value_of(tmp_path, "${env:SECRET}")
    assert read.pattern("x") == Pattern.fixed("env:SECRET")
    assert read.said == [("variable-not-given", 1)]


@pytest.mark.parametrize(
    "name",
    ["ssm:/a/b~true", "cf:stack.Output", "cf.us-east-1:stack.Output", "s3:bucket/key", "git:sha1", "vault:a.b"],
)
def test_sources_elsewhere_are_named_unknowns(tmp_path: Path, name: str) -> None:
    read = value_of(tmp_path, f"<${{{name}}}>")
    assert read.pattern("x") == Pattern.of("<", Hole(name, HoleKind.FIXED), ">")
    assert read.said == []


def test_unknown_account_and_region_are_those_of_the_deployment(tmp_path: Path) -> None:
    read = value_of(tmp_path, "${aws:accountId}:${opt:region}")
    assert read.pattern("x") == Pattern.of(ACCOUNT, ":", REGION)


def test_an_unknown_part_of_an_address_makes_an_unknown(tmp_path: Path) -> None:
    read = value_of(tmp_path, "${self:custom.${opt:kind}.bucket}", CUSTOM)
    assert read.pattern("x") == Pattern.fixed("self:custom.{opt:kind}.bucket")


def test_parameters_of_the_stage_come_before_the_default_ones(tmp_path: Path) -> None:
    more = "provider: {stage: prod}\nparams: {default: {a: d, b: d}, prod: {a: p}}\n"
    assert value_of(tmp_path, "${param:a}${param:b}", more).text("x") == "pd"
    stages = "provider: {stage: prod}\nstages: {default: {params: {a: d, b: d}}, prod: {params: {a: p}}}\n"
    assert value_of(tmp_path, "${param:a}${param:b}", stages).text("x") == "pd"


def test_defaults_that_the_framework_fills_in(tmp_path: Path) -> None:
    read = value_of(tmp_path, "${self:provider.stage}/${self:provider.region}/${sls:stage}", "provider: {name: aws}")
    assert read.text("x") == "dev/us-east-1/dev"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("${self:custom.none}", "variable-missing"),
        ("${self:custom.nothing}", "variable-missing"),
        ("${self:custom.a.deeper}", "variable-missing"),
        ("${file(nowhere.yml)}", "variable-missing"),
        ("${strToBool(perhaps)}", "variable-missing"),
        ("${opt:none}", "variable-not-given"),
        ("${param:none}", "variable-not-given"),
        ("a${self:custom.list}", "variable-not-text"),
        ("${self:x}", "variable-cycle"),
        ("${file(code.js):value}", "variable-program"),
        ("${file(../outside.yml)}", "path-outside"),
        ("${file(/etc/passwd)}", "path-outside"),
        ("${file(~/.aws/credentials)}", "path-outside"),
    ],
)
def test_what_cannot_be_known_is_said_and_stays_unknown(tmp_path: Path, written: str, code: str) -> None:
    read = value_of(tmp_path, written, CUSTOM)
    assert read.said == [(code, 1)]
    pattern = read.pattern("x")
    assert pattern is not None
    assert {hole.kind for hole in pattern.holes} == {HoleKind.FIXED}


def test_a_circle_ends(tmp_path: Path) -> None:
    read = Read(tmp_path, "a: ${self:b}\nb: x-${self:c}\nc: ${self:a}\nd: ${self:a}\n")
    assert read.said == [("variable-cycle", 1)]
    pattern = read.pattern("d")
    assert pattern is not None
    assert pattern.holes


@pytest.mark.parametrize("written", ["${self:x}\n  and more", "${self:\n    custom.none}", "${self:" + "x" * 500 + "}"])
def test_a_sentence_stays_on_one_line(tmp_path: Path, written: str) -> None:
    read = Read(tmp_path, f"x: |\n  {written}\n")
    messages = [item.message for item in read.log.diagnostics]
    assert messages
    assert all("\n" not in message and len(message) < 400 for message in messages)


def test_a_mapping_may_refer_to_its_neighbours(tmp_path: Path) -> None:
    read = Read(tmp_path, "custom:\n  a: ${self:custom.b.x}\n  b: {x: 1, y: '${self:custom.a}'}\n")
    assert read.text("custom", "b", "y") == "1"
    assert read.said == []


def test_files_of_every_kind(tmp_path: Path) -> None:
    files = {
        "conf/prod.yml": "table: t-${self:provider.stage}\nname: {first: A}\nhere: ${file(other.json):key}\n",
        "other.json": '{"key": "from json", "list": [1]}',
        "text.txt": "some text",
    }
    text = CUSTOM + dedent(
        """\
        all: ${file(./conf/${self:provider.stage}.yml)}
        one: ${file(conf/prod.yml):name.first}
        json: ${file(other.json):list.0}
        plain: ${file(text.txt)}
        fallback: ${file(nowhere.yml), 'none'}
        missing: ${file(other.json):nothing, 'none'}
        """
    )
    read = Read(tmp_path, text, files)
    assert read.text("all", "table") == "t-prod"
    assert read.text("all", "here") == "from json"
    assert [read.text(name) for name in ("one", "json", "plain", "fallback", "missing")] == [
        "A",
        "1",
        "some text",
        "none",
        "none",
    ]
    table = read.tree.get("all", "table")
    assert table is not None
    assert table.span.place == "conf/prod.yml:1"
    assert read.said == []


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    read = Read(tmp_path, "x: ${file(a.yml)}\n", {"a.yml": "b: ${file(b.yml)}", "b.yml": "a: ${file(a.yml)}"})
    assert [code for code, _ in read.said] == ["variable-cycle"]


def test_an_included_file_that_does_not_parse_is_said_where_it_is_broken(tmp_path: Path) -> None:
    read = Read(tmp_path, "x: ${file(a.yml)}\n", {"a.yml": "ok: 1\nbroken: [\n"})
    assert ("yaml-broken", 2) in read.said


def test_every_step_is_a_reason_with_its_place(tmp_path: Path) -> None:
    text = "x: ${self:custom.bucket}\ncustom:\n  stage: ${opt:stage, 'dev'}\n  bucket: photos-${self:custom.stage}\n"
    read = Read(tmp_path, text)
    node = read.tree.get("x")
    assert node is not None
    assert node.span.text_in(text) == "${self:custom.bucket}"
    assert [(reason.text, reason.span and reason.span.line) for reason in node.because] == [
        ('${self:custom.bucket} is "photos-dev"', 4),
        ('${self:custom.stage} is "dev"', 3),
        ("opt:stage is not given, so the next choice counts", 3),
        ("${opt:stage, 'dev'} is \"dev\"", 3),
    ]


def test_every_variable_is_a_resolution_at_its_own_place(tmp_path: Path) -> None:
    text = "x: \"${self:y}-${self:y}-${opt:z, '${self:y}'}\"\ny: é\n"
    read = Read(tmp_path, text)
    found = [(item.span.column, item.written, str(item.value)) for item in read.log.resolutions]
    assert found == [
        (4, "${self:y}", "é"),
        (14, "${self:y}", "é"),
        (34, "${self:y}", "é"),
        (24, "${opt:z, '${self:y}'}", "é"),
    ]
    assert all(item.span.text_in(text) == item.written for item in read.log.resolutions)


def test_intrinsic_functions_keep_their_form_with_holes_in_their_texts(tmp_path: Path) -> None:
    read = Read(tmp_path, "x: !Sub 'arn:${AWS::Region}:${env:A}'\n")
    assert read.pattern("x", "Fn::Sub") == Pattern.of("arn:${AWS::Region}:", Hole("env:A", HoleKind.FIXED))


@pytest.mark.parametrize(
    "lines",
    [
        [f"c{n}: '${{self:c{n + 1}}}'" for n in range(3000)],
        [f"c{n}: '${{self:c{n + 1}}}${{self:c{n + 1}}}'" for n in range(60)],
        [f"c{n}: ['${{self:c{n + 1}}}', '${{self:c{n + 1}}}', '${{self:c{n + 1}}}']" for n in range(60)],
        [f"c{n}: " + "{a: " * 20 + f"'${{self:c{n + 1}}}'" + "}" * 20 for n in range(60)],
        ["c: '" + "${self:" * 50_000 + "'"],
        ["c: '" + "${self:c." * 500 + "}" * 500 + "'"],
    ],
    ids=["chain", "doubling-text", "tripling-lists", "deepening", "never-closed", "nested"],
)
def test_hostile_variables_end_and_leave_a_tree_that_can_be_walked(tmp_path: Path, lines: list[str]) -> None:
    read = Read(tmp_path, "\n".join(lines))

    def height(node: Node) -> int:
        children = (*node.items, *node.mapping.values())
        return 1 + max(map(height, children), default=0)

    assert height(read.tree.get("c0") or read.tree) < 100


@given(st.text(alphabet="${}:,'\"()abself.opt \\~", max_size=60))
def test_parsing_loses_no_text(text: str) -> None:
    def written(part: object) -> str:
        return part if isinstance(part, str) else str(getattr(part, "written", ""))

    joined = "".join(written(part) for part in parse_text(text).parts)
    assert joined.replace("\\", "") == text.replace("\\", "")


@settings(max_examples=60)
@given(st.text(alphabet="${}:,'\"()abself.opt \n-", max_size=80))
def test_any_text_can_be_resolved(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    read = Read(tmp_path_factory.getbasetemp(), json.dumps({"x": text, "custom": {"a": "b"}}))
    assert read.tree.get("x") is not None


trees = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(alphabet="ab {}:-$", max_size=8).filter("${".__ne__),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet="abc", min_size=1), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=60)
@given(st.dictionaries(st.text(alphabet="abc", min_size=1), trees, min_size=1, max_size=5))
def test_a_template_without_variables_stays_as_it_is(tmp_path_factory: pytest.TempPathFactory, tree: object) -> None:
    text = json.dumps(tree)
    if "${" in text:
        return
    raw, _ = parse_raw(text, "serverless.yml")
    assert raw is not None
    read = Read(tmp_path_factory.getbasetemp(), text)
    assert read.tree == plain_node(raw)
    assert read.log.resolutions == []


NAMES = {
    "names.yml": "prefix: acme\nbucket: ${self:custom.names.prefix}-in\ndeep: {url: 's3://${self:custom.names.bucket}'}\n"
}


@pytest.mark.parametrize(
    ("custom", "address", "value"),
    [
        ("names: ${file(./names.yml)}", "custom.names.bucket", "acme-in"),
        ("names: ${file(./names.yml)}", "custom.names.deep.url", "s3://acme-in"),
        ("names: ${file(./names${self:custom.none}.yml)}\n  none: ''", "custom.names.bucket", "acme-in"),
        ("names: ${self:custom.others}\n  others: ${file(./names.yml)}", "custom.names.bucket", "acme-in"),
        ("names: {prefix: own, bucket: '${self:custom.names.prefix}-in'}", "custom.names.bucket", "own-in"),
    ],
)
def test_entries_of_an_included_file_may_name_each_other(tmp_path: Path, custom: str, address: str, value: str) -> None:
    text = f"service: s\nx: '${{self:{address}}}'\ncustom:\n  {custom}\n"
    read = Read(tmp_path, text, NAMES)
    assert read.text("x") == value
    assert not read.said


@pytest.mark.parametrize(
    "names",
    [
        "a: ${self:custom.names.b}\nb: ${self:custom.names.a}\n",
        "a: ${self:custom.names.a}\n",
        "a: ${self:custom.names}\n",
    ],
)
def test_a_true_circle_is_still_told(tmp_path: Path, names: str) -> None:
    text = "service: s\nx: '${self:custom.names.a}'\ncustom:\n  names: ${file(./names.yml)}\n"
    assert "variable-cycle" in {code for code, _ in Read(tmp_path, text, {"names.yml": names}).said}


def test_variables_that_lead_to_each_other_are_a_circle(tmp_path: Path) -> None:
    text = "service: s\nx: ${self:custom.a.k}\ncustom:\n  a: ${self:custom.b}\n  b: ${self:custom.a}\n"
    assert "variable-cycle" in {code for code, _ in Read(tmp_path, text).said}
