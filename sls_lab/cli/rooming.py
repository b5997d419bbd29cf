"""`sls-lab room`: the instructor's view of a class."""

from __future__ import annotations

import argparse
import getpass
import importlib.util
import os
import secrets
import sys

from sls_lab.cli.console import BAD_INPUT, FINE, CommandError, is_terminal, say
from sls_lab.cli.output import check_place, deliver
from sls_lab.exercises import lessons
from sls_lab.report.summary import count
from sls_lab.room import Room, as_csv, as_ctfd

_WORD = "SLS_LAB_ROOM_WORD"
#: Opens the instructor's page; without it each start has a key of its own.
_KEY = "SLS_LAB_ROOM_KEY"


def run_room(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab room DIR`: goes on until it is interrupted, which is its ordinary end."""
    check_place(arguments.output)
    if not (arguments.prefix.startswith("/") and arguments.prefix.endswith("/")):
        raise CommandError("--prefix begins and ends with a slash")
    word = _class_word()
    try:
        room = Room(arguments.folder, word)
        if arguments.remove is not None:
            gone = room.remove(arguments.remove)
            say(
                f"{count(gone, 'learner')} removed"
                if gone
                else f"nobody in {arguments.folder} is called {arguments.remove}"
            )
            return FINE if gone else BAD_INPUT
    except OSError as error:
        raise CommandError(f"{arguments.folder} cannot be used: {error.strerror or error}") from error
    if arguments.export is not None:
        text = as_ctfd(lessons(), word) if arguments.export == "ctfd" else as_csv(lessons(), room.standings()[0])
        deliver(text, arguments.output)
        return FINE
    return _serve(room, word, arguments)


def _serve(room: Room, word: str, arguments: argparse.Namespace) -> int:
    if importlib.util.find_spec("tornado") is None:
        raise CommandError("the room's server needs tornado, which comes with JupyterLab: pip install 'sls-lab[lab]'")
    from sls_lab.room.server import serve

    def ready(address: str) -> None:
        say(f"your page: {address}")
        say(f"learners join at: {address.partition('?')[0]}")
        say("Ctrl-C ends it; what was sent stays in the folder")

    key = os.environ.get(_KEY) or secrets.token_urlsafe(18)
    where = {"address": arguments.listen, "port": arguments.port, "prefix": arguments.prefix}
    try:
        serve(room, lessons(), word, key=key, ready=ready, **where)
    except KeyboardInterrupt:
        return FINE
    except OSError as error:
        raise CommandError(f"{arguments.listen}:{arguments.port} cannot be used: {error.strerror or error}") from error
    return FINE


def _class_word() -> str:
    """The word from the environment, else asked for where someone can answer."""
    word = os.environ.get(_WORD, "")
    if not word and is_terminal(sys.stdin):
        word = getpass.getpass("Class word: ")
    if not word.strip():
        raise CommandError(f"give the class word in {_WORD}, or in a terminal when you are asked")
    return word.strip()
