from __future__ import annotations

import json
import re

from sls_lab.widgets.graphs import graph_view
from tests.report.sample import sample


def test_each_edge_knows_what_is_drawn_of_it() -> None:
    view = graph_view(sample(), everything=True)
    ids = set(re.findall(r"id=([an]\d+)", view["dot"]))
    assert ids == set(view["titles"]) == set(view["nodes"]) | set(view["arrows"])
    linked, filtered, unresolved = view["edges"].values()
    assert (linked["source"], linked["target"], linked["status"]) == ("upload", "resize", "linked")
    assert linked["words"] == "upload → resize by s3.put_object on photos"
    assert linked["place"] == "src/upload.py:9"
    first, resource, second = linked["parts"]
    assert view["nodes"][resource] == {"kind": "resource", "name": "photos", "handler": None}
    assert view["arrows"][first] == view["arrows"][second] == ["e0"]
    assert [view["arrows"][part] for part in filtered["parts"]] == [["e1"]]
    assert unresolved["target"] is None
    assert "not resolved" in view["titles"][unresolved["parts"][0]]


def test_what_is_not_drawn_has_no_parts() -> None:
    view = graph_view(sample())
    assert [edge["parts"] == [] for edge in view["edges"].values()] == [False, True, True]


def test_the_compact_graph_leaves_out_places_but_not_the_words() -> None:
    view = graph_view(sample(), compact=True)
    assert "src/upload.py" not in view["dot"]
    assert "put_object" not in view["dot"]
    assert "upload → resize by s3.put_object on photos" in view["titles"].values()


def test_the_view_is_json() -> None:
    view = graph_view(sample(), everything=True)
    assert json.loads(json.dumps(view)) == view
