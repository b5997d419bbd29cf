"""What the widgets of one application share: the application, its scratch copy, and what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from weakref import WeakSet, WeakValueDictionary

from sls_lab.app import App, analyse, load_app
from sls_lab.facts import Span
from sls_lab.facts.telling import Telling
from sls_lab.scratch import Scratch


@dataclass(frozen=True, slots=True)
class Focus:
    """What the learner looks at: a place in a file of the application, a handler, or both."""

    span: Span | None = None
    handler: str | None = None


class Follower(Protocol):
    """A widget, as its session knows it."""

    def follow(self, focus: Focus) -> None:
        """Show what the widget has on `focus`."""

    def reread(self) -> None:
        """Show the application as it is now."""


class Session:
    """One application on screen. Widgets made from the same `App` have the same session and follow each other."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.focus = Focus()
        self._scratch: Scratch | None = None
        self.original = app.path
        self._followers: WeakSet[Follower] = WeakSet()

    def join(self, follower: Follower) -> None:
        """From now on, tell `follower` what changes."""
        self._followers.add(follower)

    def choose(self, focus: Focus, by: Follower) -> None:
        """Look at something else; all widgets but the one that chose it follow."""
        self.focus = focus
        for follower in list(self._followers):
            if follower is not by:
                follower.follow(focus)

    @property
    def changed(self) -> bool:
        """Whether a scratch copy is shown in place of the original."""
        return self._scratch is not None

    def write(self, file: str, text: str) -> None:
        """Change one file, in a scratch copy. Nothing is analysed yet. Raises UnusableChange."""
        if self._scratch is None:
            self._scratch = Scratch(self.original)
            self.app.path = self._scratch.folder
        self._scratch.write(file, text)

    def reset(self) -> None:
        """Give up all changes: the application is the original again. Nothing is analysed yet."""
        self._scratch = None
        self.app.path = self.original

    def analyse(self, progress: Telling) -> None:
        """All five steps on the files as they are now, then every widget shows the new results.

        Raises UnreadableApplication where a change has left no template; the widgets then keep what they show.
        """
        fresh = replace(self.app, timings={})
        analyse([fresh], progress=progress)
        self.app.take_over(fresh)
        for follower in list(self._followers):
            follower.reread()


# A session lives as long as one of its widgets does, and keeps its app alive, so that an id means one app.
_SESSIONS: WeakValueDictionary[int, Session] = WeakValueDictionary()


def session_of(app: App | Path | str) -> Session:
    """The session of an application, or of the one in a folder; an `App` has one session."""
    if not isinstance(app, App):
        app = load_app(app)
    session = _SESSIONS.get(id(app))
    if session is None:
        session = _SESSIONS[id(app)] = Session(app)
    return session
