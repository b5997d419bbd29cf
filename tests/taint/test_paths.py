"""Frames followed from an issue to its leaves."""

from __future__ import annotations

from sls_lab.taint.read.paths import backward_paths, forward_paths
from sls_lab.taint.read.pysa_output import FunctionModel, Issue, Position, PysaFrame

HERE = Position(1, 0, 1)


def call(callee: str, port: str = "formal(x)", kind: str = "Shell", length: int = 1) -> PysaFrame:
    return PysaFrame(kind, HERE, HERE, (callee,), port, (), (), length, frozenset())


def leaf(name: str = "os.system", kind: str = "Shell") -> PysaFrame:
    return PysaFrame(kind, HERE, HERE, (), "", (), (name,), 0, frozenset())


def model(name: str, **sinks: PysaFrame) -> FunctionModel:
    return FunctionModel(name, "app_01/a.py", {}, {port: (frame,) for port, frame in sinks.items()})


def issue(*backward: PysaFrame, forward: tuple[PysaFrame, ...] = ()) -> Issue:
    return Issue(9100, "app_01.a.h", "app_01/a.py", HERE, forward, backward)


def test_a_path_follows_port_and_kind() -> None:
    models = {
        "a.b": FunctionModel(
            "a.b",
            "app_01/a.py",
            {},
            {"formal(x)": (leaf(kind="Sql"), leaf(kind="Shell")), "formal(y)": (leaf("eval"),)},
        )
    }
    (path,) = backward_paths(issue(call("a.b")), models)
    assert [hop.callable for hop in path] == ["app_01.a.h", "a.b"]
    assert path[-1].frame.leaves == ("os.system",)
    assert path[-1].frame.kind == "Shell"


def test_a_transform_applied_here_is_gone_in_the_callee() -> None:
    models = {"a.b": FunctionModel("a.b", "app_01/a.py", {}, {"formal(x)": (leaf(kind="Loaded@Shell"), leaf("eval"))})}
    (path,) = backward_paths(issue(call("a.b", kind="Loaded:Shell")), models)
    assert path[-1].frame.kind == "Loaded@Shell" and path[-1].frame.base_kind == "Shell"
    (path,) = backward_paths(issue(call("a.b", kind="Loaded@Shell")), models)
    assert path[-1].frame.leaves == ("eval",)


def test_recursion_ends() -> None:
    frames = FunctionModel("a.b", "app_01/a.py", {}, {"formal(x)": (call("a.b"), leaf())})
    paths = backward_paths(issue(call("a.b")), {"a.b": frames})
    assert [len(path) for path in paths] == [2]


def test_recursion_into_parts_ends_with_a_handful_of_paths() -> None:
    ports = [f"formal(x){'[*]' * depth}" for depth in range(12)]
    frames = (leaf(), *(call("a.b", port=port) for port in ports))
    models = {"a.b": FunctionModel("a.b", "app_01/a.py", {}, dict.fromkeys(ports, frames))}
    paths = backward_paths(issue(call("a.b", port="formal(x)[*]")), models)
    assert {len(path) for path in paths} == {2, 3} and len(paths) < 20


def test_a_part_is_reached_by_way_of_the_function_itself() -> None:
    sinks = {"formal(x)[a]": (call("a.b", port="formal(x)"),), "formal(x)": (leaf(),)}
    paths = backward_paths(issue(call("a.b", port="formal(x)[a]")), {"a.b": FunctionModel("a.b", "a.py", {}, sinks)})
    assert [len(path) for path in paths] == [3]


def test_several_callees_are_alternatives_and_the_shortest_comes_first() -> None:
    two = PysaFrame("Shell", HERE, HERE, ("a.long", "a.short"), "formal(x)", (), (), 1, frozenset())
    models = {
        "a.long": FunctionModel("a.long", "app_01/a.py", {}, {"formal(x)": (call("a.short"),)}),
        "a.short": FunctionModel("a.short", "app_01/a.py", {}, {"formal(x)": (leaf(),)}),
    }
    assert [len(path) for path in backward_paths(issue(two), models)] == [2, 3]


def test_a_declared_model_ends_the_path_at_the_call() -> None:
    (path,) = backward_paths(issue(call("os.system")), {"os.system": FunctionModel("os.system", "*", {}, {})})
    assert len(path) == 1


def test_sources_are_followed_on_their_own_side() -> None:
    returned = call("a.listing", "result", "StoredObjectKey")
    models = {
        "a.listing": FunctionModel("a.listing", "app_01/b.py", {"result": (leaf("list", "StoredObjectKey"),)}, {})
    }
    (path,) = forward_paths(issue(leaf(), forward=(returned,)), models)
    assert path[-1].file == "app_01/b.py"
