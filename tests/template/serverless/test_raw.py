"""YAML and JSON as written: values, places, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Diagnostic
from sls_lab.template.shared.application_files import read_text
from sls_lab.template.shared.raw_tree import MAX_DEPTH, RawNode, parse_raw

# A tree of what JSON and YAML share; a template's U+0085, U+2028 and U+2029 are read as blanks, so that lines count as
# editors count them.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"))
scalars = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | texts
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=12)


def plain(node: RawNode | None) -> object:
    if node is None:
        return None
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain(child) for child in node.value]
    return node.value


def parsed(text: str, file: str = "serverless.yml") -> object:
    node, diagnostics = parse_raw(text, file)
    assert diagnostics == ()
    return plain(node)


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in parse_raw(text, "serverless.yml")[1]]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("012345678901", "012345678901"),
        ("'5'", "5"),
        ("5", 5),
        ("-5", -5),
        ("1.5", 1.5),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2012-10-17", "2012-10-17"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)
def test_a_scalar_is_what_it_says(written: str, value: object) -> None:
    assert parsed(f"key: {written}") == {"key": value}


@pytest.mark.parametrize("key", ["on", "5", "2012-10-17", "true", "null", "1.10"])
def test_keys_are_always_text_as_written(key: str) -> None:
    assert parsed(f"{key}: x") == {key: "x"}


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Queue", {"Ref": "Queue"}),
        ("!GetAtt Queue.Arn", {"Fn::GetAtt": ["Queue", "Arn"]}),
        ("!GetAtt Stack.Outputs.Url", {"Fn::GetAtt": ["Stack", "Outputs.Url"]}),
        ("!GetAtt [Queue, Arn]", {"Fn::GetAtt": ["Queue", "Arn"]}),
        ("!Sub '${A}-b'", {"Fn::Sub": "${A}-b"}),
        ("!Sub ['${A}', {A: !Ref B}]", {"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}),
        ("!Join [':', [a, b]]", {"Fn::Join": [":", ["a", "b"]]}),
        ("!Select [0, !Split [',', a]]", {"Fn::Select": [0, {"Fn::Split": [",", "a"]}]}),
        ("!If [A, 1, !Ref AWS::NoValue]", {"Fn::If": ["A", 1, {"Ref": "AWS::NoValue"}]}),
        ("!FindInMap [A, B, C]", {"Fn::FindInMap": ["A", "B", "C"]}),
        ("!ImportValue 5", {"Fn::ImportValue": "5"}),
        ("!Not [!Condition A]", {"Fn::Not": [{"Condition": "A"}]}),
        ("!And [!Equals [a, b], !Or [c, d]]", {"Fn::And": [{"Fn::Equals": ["a", "b"]}, {"Fn::Or": ["c", "d"]}]}),
        ("!Base64 x", {"Fn::Base64": "x"}),
        ("!Cidr [a, 1, 2]", {"Fn::Cidr": ["a", 1, 2]}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!Transform {Name: x}", {"Fn::Transform": {"Name": "x"}}),
    ],
)
def test_a_short_tag_is_its_long_form(short: str, long: object) -> None:
    assert parsed(f"key: {short}") == {"key": long}


def test_places_count_lines_from_one_and_code_points_from_zero() -> None:
    text = "# grüße 🎈\nouter:\n  '🎈 key': !Ref Queue   # why\n\n  list:\n    - 'é'\n    - last\n# end\nnext: 1\n"
    node, _ = parse_raw(text, "a.yml")
    assert node is not None
    outer = node.mapping["outer"]
    balloon = outer.mapping["🎈 key"]
    assert balloon.key is not None
    assert balloon.key.text_in(text) == "'🎈 key'"
    assert balloon.span.text_in(text) == "!Ref Queue"
    assert (balloon.span.line, balloon.span.column) == (3, 11)
    assert outer.span.text_in(text).endswith("- last")
    assert isinstance(outer.mapping["list"].value, tuple)
    assert outer.mapping["list"].value[0].span.text_in(text) == "'é'"


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_only_real_line_ends_count_as_lines(character: str) -> None:
    text = f"a: 'x{character}y'\nb: 1\n"
    node, _ = parse_raw(text, "a.yml")
    assert node is not None
    assert node.mapping["b"].span.line == 2


def test_json_with_tabs_and_characters_in_two_halves() -> None:
    assert parsed('{\n\t"a":\t"\\ud83c\\udf88",\n\t"b": "\\\\ud83c"\n}', "a.json") == {"a": "🎈", "b": "\\ud83c"}


def test_half_a_character_is_replaced_even_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert parsed('"\\ud83c"') == "\ufffd"
    assert parsed('{"a": "\\ud83c"}', "a.json") == {"a": "\ufffd"}


def test_merge_keys_bring_what_is_not_there() -> None:
    text = "base: &b {a: 1, b: 2}\nmore: &m {b: 3, c: 4}\none:\n  <<: *b\n  a: 9\ntwo: {<<: [*b, *m]}\n"
    assert parsed(text) == {
        "base": {"a": 1, "b": 2},
        "more": {"b": 3, "c": 4},
        "one": {"a": 9, "b": 2},
        "two": {"a": 1, "b": 2, "c": 4},
    }


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "tag-refused", 2),
        ("a: !Unknown x\n", "tag-refused", 1),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3),
        ("a: *nowhere\n", "alias-unknown", 1),
        ("a: &a [*a]\n", "alias-cycle", 1),
        ("a:\n\tb: 1\n", "yaml-broken", 2),
        ("a: [1,\n", "yaml-broken", 1),
        ("a: \x01\n", "yaml-broken", 1),
        ("a: 1\n---\nb: 1\n", "several-documents", 2),
        ("? [a]\n: b\n", "key-not-text", 1),
        ("<<: 5\n", "merge-not-mapping", 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, code: str, line: int) -> None:
    [diagnostic] = parse_raw(text, "a.yml")[1]
    assert (diagnostic.code, diagnostic.span and diagnostic.span.line) == (code, line)


def test_what_is_refused_is_null_and_the_rest_stays() -> None:
    node, _ = parse_raw("a: !!python/name:os.system\nb: 2\n", "a.yml")
    assert plain(node) == {"a": None, "b": 2}


def test_the_last_of_two_entries_counts() -> None:
    node, _ = parse_raw("a: 1\nb: 2\na: 3\n", "a.yml")
    assert plain(node) == {"b": 2, "a": 3}


def test_an_alias_bomb_is_defused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert set(codes("\n".join(lines))) == {"alias-bomb"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "!Not [", "? "])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 5, 5_000])
def test_nesting_is_bounded(opening: str, depth: int) -> None:
    closing = {"[": "]", "{a: ": "}", "!Not [": "]"}.get(opening, "")
    found = codes(f"{opening * depth}x{closing * depth}")
    # From a thousand levels on, PyYAML's own parser may refuse the whole text.
    assert "too-deep" in found or (depth > 1_000 and found == ["yaml-broken"])


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    for file in ("a.yml", "a.json"):
        node, diagnostics = parse_raw(text, file)
        assert node is None or node.span.line >= 1
        assert all(diagnostic.span is not None for diagnostic in diagnostics)


@given(st.binary())
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "any.yml").write_bytes(data)
    text = read_text(root, "any.yml")
    if isinstance(text, str):
        parse_raw(text, "any.yml")
    else:
        assert text.code == "undecodable"


@given(trees)
def test_what_yaml_writes_is_read_back(tree: object) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, width=10_000)
    expected = yaml.safe_load(text)
    node, diagnostics = parse_raw(text, "a.yml")
    assert diagnostics == ()
    assert plain(node) == expected


def refused(root: Path, name: str) -> str:
    found = read_text(root, name)
    assert isinstance(found, Diagnostic)
    return found.code


def test_no_file_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    root = tmp_path / "app"
    root.mkdir()
    (tmp_path / "secret.yml").write_text("a: 1", encoding="utf-8")
    (root / "link.yml").symlink_to(tmp_path / "secret.yml")
    (root / "loop.yml").symlink_to(root / "loop.yml")
    (root / "inner.yml").write_text("a: 1", encoding="utf-8")
    (root / "good.yml").symlink_to("inner.yml")
    for name in ("../secret.yml", str(tmp_path / "secret.yml"), "link.yml", "x/../../secret.yml"):
        assert refused(root, name) == "path-outside"
    for name in ("nowhere.yml", ".", "null\0byte.yml", "loop.yml", "x" * 5000):
        assert refused(root, name) in ("file-missing", "file-unreadable")
    assert read_text(root, "good.yml") == "a: 1"


def test_bytes_that_are_no_text_name_their_line(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes(b"a: 1\nb: caf\xe9\n")
    found = read_text(tmp_path, "latin.yml")
    assert isinstance(found, Diagnostic)
    assert (found.code, found.span and found.span.line) == ("undecodable", 2)
    (tmp_path / "utf16.yml").write_bytes("a: é".encode("utf-16"))
    assert read_text(tmp_path, "utf16.yml") == "a: é"
    (tmp_path / "bom.yml").write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_text(tmp_path, "bom.yml") == "a: 1"
