"""Branches: `if`, `match`, `try` and `with`."""

from __future__ import annotations

import ast

from sls_lab.code.interpret.deciding import truth
from sls_lab.code.interpret.frames import Attempt, Frame
from sls_lab.code.interpret.heap import Changes, joined
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import (
    Arguments,
    BoundMethod,
    ClassValue,
    Client,
    EnumMember,
    FunctionValue,
    Helper,
    Instance,
    ListRef,
    Service,
    Value,
    unknown,
)


class Branches(Machine):
    """Statements in which several ways part and meet."""

    def run_If(self, node: ast.If, frame: Frame) -> bool:
        """Both arms, unless the code itself decides the test; a chain of `elif` is walked, not descended."""
        arms: list[Changes] = []
        mark = self.store.mark()
        current: ast.If | None = node
        while current is not None:
            answer = self.decided(current.test, frame)
            if answer is not False:
                branch = self.store.mark()
                alive = self.block(current.body, frame)
                changes = self.store.changes(mark) if alive else None
                if answer is True and not arms:
                    # Nothing parts here: what the arm left stands.
                    return alive
                self.store.rewind(branch)
                if changes is not None:
                    arms.append(changes)
                if answer is True:
                    break
            rest = current.orelse
            if len(rest) == 1 and isinstance(rest[0], ast.If):
                self.step()
                current = rest[0]
                continue
            if self.block(rest, frame):
                arms.append(self.store.changes(mark))
            current = None
        self.store.rewind(mark)
        if not arms:
            return False
        self.store.merge(arms)
        return True

    def decided(self, test: ast.expr, frame: Frame) -> bool | None:
        """Evaluate a test; its answer where the code alone decides it.

        What the environment says, and names that functions rebind and that keep their value from one event to the
        next, decide nothing: both arms are looked at.
        """
        value = self.evaluate(test, frame)
        answer = truth(value)
        if answer is None or not _simple(test):
            return None
        return answer if all(self._settled(node, frame) for node in ast.walk(test)) else None

    def _settled(self, node: ast.AST, frame: Frame) -> bool:
        """Whether a name or attribute in a test begins each event with the value that is known of it."""
        if isinstance(node, ast.Name):
            outer = frame.scope is not None and node.id in frame.scope.nonlocals
            return node.id not in frame.state.rebound and not outer
        if isinstance(node, ast.Attribute):
            return all(
                isinstance(atom, EnumMember)
                or (isinstance(atom, ClassValue) and atom.flavour == "enum")
                or (isinstance(atom, Instance) and atom.oid > self.loaded_until)
                for atom in self.evaluate(node.value, frame)
            )
        return True

    def run_Match(self, node: ast.Match, frame: Frame) -> bool:
        """Every case; names in a pattern are bound to parts of the subject."""
        subject = self.evaluate(node.subject, frame)
        label = self.source(node.subject, frame)
        arms: list[Changes] = []
        exhausted = False
        for case in node.cases:
            mark = self.store.mark()
            self._match(case.pattern, subject, label, frame)
            if case.guard is not None:
                self.evaluate(case.guard, frame)
            elif isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
                exhausted = True
            alive = self.block(case.body, frame)
            changes = self.store.rewind(mark)
            if alive:
                arms.append(changes)
        if not exhausted:
            arms.append({})
        if arms:
            self.store.merge(arms)
        return bool(arms)

    def _match(self, pattern: ast.pattern, subject: Value, label: str, frame: Frame) -> None:
        match pattern:
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self._match(inner, subject, label, frame)
                if name is not None:
                    self.bind_name(name, subject, frame)
            case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
                self.bind_name(name, unknown(name), frame)
        inner_patterns = [child for child in ast.iter_child_nodes(pattern) if isinstance(child, ast.pattern)]
        if isinstance(pattern, ast.MatchOr):
            for alternative in inner_patterns:
                self._match(alternative, subject, label, frame)
        elif isinstance(pattern, ast.MatchMapping):
            for key, each in zip(pattern.keys, pattern.patterns, strict=True):
                self._match(each, self.subscript(subject, self.evaluate(key, frame), frame), label, frame)
        elif not isinstance(pattern, ast.MatchAs):
            for each in inner_patterns:
                self._match(each, unknown(label), label, frame)

    def run_Try(self, node: ast.Try, frame: Frame) -> bool:
        """The body, each handler from any point of the body, then `finally` on all ways."""
        mark = self.store.mark()
        attempt = Attempt(mark)
        frame.attempts.append(attempt)
        alive = self.block(node.body, frame)
        frame.attempts.pop()
        thrown = self._thrown(attempt) if node.handlers else {}
        if alive:
            alive = self.block(node.orelse, frame)
        normal = self.store.rewind(mark)
        arms = [normal] if alive else []
        for handler in node.handlers:
            self.store.apply(thrown)
            if handler.name is not None:
                self.bind_name(handler.name, unknown(handler.name), frame)
            reached = self.block(handler.body, frame)
            changes = self.store.rewind(mark)
            if reached:
                arms.append(changes)
        self.store.merge(arms or [normal])
        finished = self.block(node.finalbody, frame)
        return bool(arms) and finished

    def run_TryStar(self, node: ast.Try, frame: Frame) -> bool:
        """`except*` is followed as `except` is."""
        return self.run_Try(node, frame)

    def _thrown(self, attempt: Attempt) -> Changes:
        """What may stand when the body is left by an exception: anything that stood at any point of it."""
        thrown = self.store.history(attempt.mark)
        for changes in attempt.raised:
            for key, value in changes.items():
                thrown[key] = joined(key, thrown[key], value) if key in thrown else value
        return thrown

    def run_With(self, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
        """Enter each context manager, run the body, leave."""
        managers: list[Value] = []
        for item in node.items:
            manager = self.evaluate(item.context_expr, frame)
            managers.append(manager)
            if item.optional_vars is not None:
                label = self.source(item.context_expr, frame)
                self.assign(item.optional_vars, self._entered(manager, label, frame), frame)
            else:
                self._entered(manager, "", frame)
        alive = self.block(node.body, frame)
        for manager in managers:
            for atom in manager:
                if isinstance(atom, Instance):
                    self._special(atom, ("__exit__", "__aexit__"), frame)
        return alive

    def run_AsyncWith(self, node: ast.AsyncWith, frame: Frame) -> bool:
        """As `with`."""
        return self.run_With(node, frame)

    def _entered(self, manager: Value, label: str, frame: Frame) -> Value:
        results: list[Value] = []
        for atom in manager:
            if isinstance(atom, Helper | Client | Service):
                results.append((atom,))
            elif isinstance(atom, Instance):
                results.append(self._special(atom, ("__enter__", "__aenter__"), frame) or (atom,))
            elif isinstance(atom, ListRef):
                # A generator function under `@contextmanager`: what it yields.
                held = self.elements((atom,))
                results.append(join(*held.items, held.rest))
            else:
                results.append((atom,))
        return join(*results) if results else unknown(label)

    def _special(self, owner: Instance, names: tuple[str, ...], frame: Frame) -> Value:
        for name in names:
            for atom in self.attribute((owner,), name, frame):
                if isinstance(atom, BoundMethod | FunctionValue):
                    return self.call((atom,), Arguments(), None, frame)
        return ()


def _simple(test: ast.expr) -> bool:
    """Whether a test is made of names, constants, attributes of names and comparisons alone."""
    match test:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute(value=ast.Name()):
            return True
        case ast.UnaryOp(operand=operand):
            return _simple(operand)
        case ast.BoolOp(values=values):
            return all(_simple(value) for value in values)
        case ast.Compare(left=left, comparators=others):
            return _simple(left) and all(_simple(other) for other in others)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return all(_simple(element) for element in elements)
        case _:
            return False
