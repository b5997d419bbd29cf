from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.events.model import Edge
from sls_lab.report.dot import as_dot, as_mermaid
from sls_lab.report.graph import Arrow, Graph, GraphNode, as_lines, event_graph, simplified
from sls_lab.report.svg import as_svg
from tests.report.sample import Sample, sample

LABEL = re.compile(r'label=(?:"((?:[^"\\]|\\.)*)"|(\w+))', re.DOTALL)
HOSTILE = st.text(st.sampled_from("ab<>\"'\\\\n&;#`|[](){}\n-%é写"), min_size=1, max_size=30)


def with_edges(*edges: Edge) -> Sample:
    done = sample()
    return replace(done, events=replace(done.events, edges=edges))


def paths(graph: Graph) -> set[tuple[str, str]]:
    """The pairs of handlers that a reader of the picture sees connected."""
    by_key = {node.key: node for node in graph.nodes}
    found = set()
    for first in graph.arrows:
        if by_key[first.source].kind == "handler" and first.kind != "failing":
            if by_key[first.target].kind == "handler":
                found.add((first.source, first.target))
            found |= {(first.source, second.target) for second in graph.arrows if second.source == first.target}
    return {(source.removeprefix("handler:"), target.removeprefix("handler:")) for source, target in found}


def test_a_filtered_listener_is_not_drawn_behind_the_shared_bucket() -> None:
    linked, filtered, _ = sample().events.edges
    archive = replace(filtered, status="linked", source="resize")
    graph = event_graph(with_edges(linked, filtered, archive))
    assert paths(graph) == {("upload", "resize"), ("resize", "archive")}
    buckets = [node for node in graph.nodes if node.kind == "resource"]
    assert [bucket.label for bucket in buckets] == ["s3\nphotos"] * 2


def test_listeners_that_the_same_calls_reach_share_a_bucket() -> None:
    linked, filtered, _ = sample().events.edges
    graph = event_graph(with_edges(linked, replace(filtered, status="linked")))
    assert paths(graph) == {("upload", "resize"), ("upload", "archive")}
    assert len([node for node in graph.nodes if node.kind == "resource"]) == 1


def test_uncertain_edges_are_told_apart() -> None:
    linked, *_ = sample().events.edges
    graph = event_graph(with_edges(replace(linked, certain=False)))
    assert {arrow.kind for arrow in graph.arrows if "resource" in arrow.source + arrow.target} == {"uncertain"}


def test_a_direct_call_needs_no_resource() -> None:
    linked, *_ = sample().events.edges
    direct = replace(linked, service="lambda", api="invoke", trigger=None)
    graph = event_graph(with_edges(direct))
    assert Arrow("handler:upload", "handler:resize", "lambda.invoke", "certain", (0,)) in graph.arrows


def test_each_arrow_knows_its_edges() -> None:
    linked, filtered, unresolved = sample().events.edges
    graph = event_graph(with_edges(linked, filtered, unresolved, replace(linked, certain=False)), everything=True)
    told = {(arrow.source, arrow.target, arrow.kind): arrow.edges for arrow in graph.arrows if arrow.edges}
    assert told == {
        ("handler:upload", "resource:s3:photos", "certain"): (0,),
        ("handler:upload", "resource:s3:photos", "uncertain"): (3,),
        ("resource:s3:photos", "handler:resize", "certain"): (0, 3),
        ("handler:upload", "handler:archive", "failing"): (1,),
        ("handler:upload", "unknown:", "failing"): (2,),
    }


def test_equal_direct_calls_are_one_arrow_for_all_of_them() -> None:
    linked, *_ = sample().events.edges
    direct = replace(linked, service="lambda", api="invoke", trigger=None)
    (arrow,) = [arrow for arrow in event_graph(with_edges(direct, direct)).arrows if arrow.edges]
    assert arrow.edges == (0, 1)


def test_new_edges_are_marked_with_a_plus() -> None:
    linked, *_ = sample().events.edges
    graph = event_graph(with_edges(linked, replace(linked, source="archive")), new={1})
    assert [(arrow.label, arrow.edges) for arrow in graph.arrows if arrow.new] == [("+ s3.put_object", (1,))]
    assert 'class="certain new"' in as_dot(graph)


def test_a_small_graph_has_names_alone() -> None:
    graph = simplified(event_graph(sample(), everything=True))
    assert {arrow.label for arrow in graph.arrows} == {""}
    assert {"upload", "photos", "http POST /upload", "?"} <= {node.label for node in graph.nodes}


def test_dot_names_parts_by_their_order_and_kind() -> None:
    text = as_dot(event_graph(sample(), everything=True))
    assert 'n0 [label="upload\\npublic entry\\nsrc/upload.py:6" class="handler open"' in text
    assert 'class="handler unseen"' in text
    assert "class=resource" in text
    assert "class=failing" in text
    assert "id=a0" in text


def test_events_that_wake_nobody_are_shown_when_asked_for() -> None:
    assert not [arrow for arrow in event_graph(sample()).arrows if arrow.kind == "failing"]
    graph = event_graph(sample(), everything=True)
    assert {arrow.target for arrow in graph.arrows if arrow.kind == "failing"} == {"handler:archive", "unknown:"}
    assert "left out" in as_lines(sample())
    assert "left out" not in as_lines(sample(), everything=True)


def test_who_can_be_woken_from_outside() -> None:
    kinds = {node.label: node.kind for node in event_graph(sample()).nodes}
    assert kinds["http POST /upload"] == "public"
    assert kinds["s3 photos"] == "outside"


def one_node(label: str) -> Graph:
    return Graph(
        label, (GraphNode("k" + label, "handler", label, "h"),), (Arrow("k" + label, "k" + label, label, "certain"),)
    )


@given(HOSTILE)
def test_dot_labels_read_back_as_they_were(label: str) -> None:
    labels = LABEL.findall(as_dot(one_node(label)))
    assert len(labels) == 3
    for quoted, bare in labels:
        read = re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), quoted or bare)
        assert unescape(read) == label


@given(HOSTILE)
def test_mermaid_labels_hold_nothing_that_means_something(label: str) -> None:
    node, arrow = as_mermaid(one_node(label)).split("\n")[1:3]
    for line in (node, arrow):
        quoted = re.fullmatch(r'[^"]*"([^"]*)"[^"]*', line)
        assert quoted
        rest = re.sub(r"#[0-9]+;|<br/>", "", quoted[1])
        assert not set(rest) & set("<>\"'\\&;#`|[](){}\n%")


@given(HOSTILE)
def test_svg_is_well_formed_and_shows_the_label(label: str) -> None:
    picture = ElementTree.fromstring(as_svg(one_node(label)))
    texts = ["\n".join(part.text or "" for part in text) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [label, label]
    assert "script" not in {element.tag.rpartition("}")[2] for element in picture.iter()}


def test_an_empty_application_has_a_picture() -> None:
    graph = Graph("nothing", (), ())
    assert ElementTree.fromstring(as_svg(graph)) is not None
    assert as_dot(graph).startswith("digraph")
    assert as_mermaid(graph) == "flowchart LR\n"


@pytest.mark.parametrize("everything", [False, True])
def test_arrows_lead_from_node_to_node(everything: bool) -> None:
    graph = event_graph(sample(), everything=everything)
    keys = {node.key for node in graph.nodes}
    assert len(keys) == len(graph.nodes)
    assert {end for arrow in graph.arrows for end in (arrow.source, arrow.target)} <= keys
