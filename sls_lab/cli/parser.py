"""The arguments of `sls-lab`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sls_lab.cli.console import CommandError

if TYPE_CHECKING:
    from sls_lab.template.model import Options

FORMATS = ("text", "json", "sarif", "html", "junit", "gitlab")
BENCH_FORMATS = ("text", "json", "markdown", "svg")
#: As in `sls_lab.bench`, which takes longer to import than help takes to print.
ABLATIONS = ("permissions", "filters", "environment", "rewriting", "judgement", "storage")
GRAPH_FORMATS = ("text", "dot", "svg", "mermaid")
SOURCES = ("public", "external", "internal", "deployment")

_DESCRIPTION = "Find data flows that cross the handlers of a serverless Python application."
_EXIT = """\
exit status:
  0  analysed
  1  flows were found that nothing silences, and --fail-on-flow was given
  2  bad arguments, or input that cannot be read
  3  nothing could be analysed; with --strict: not everything was
"""
_EXAMPLES = """\
examples:
  sls-lab doctor                                 is everything installed that is needed?
  sls-lab analyse code-examples/apps/upload-chain
  sls-lab analyse a b c --format sarif --output flows.sarif
  sls-lab graph my-app --format svg --output events.svg
  sls-lab rewrite my-app                         the synchronous equivalent, as a diff
  sls-lab explain code-injection                 what a finding or a message means
"""
_ANALYSE = """\
examples:
  sls-lab analyse my-app                         a report to read
  sls-lab analyse my-app --explain               with the reason for every fact
  sls-lab analyse my-app --sources public,external
  sls-lab analyse my-app --stage prod --param Bucket=photos --env TOKEN=x
  sls-lab analyse my-app --format json | jq .flows
  sls-lab analyse my-app --fail-on-flow --strict for a pipeline
  sls-lab analyse my-app --write-baseline known.json    then --baseline known.json: what is new since

"""
_COURSE = """\
What you have changed is never overwritten: run the command again after each new version of sls-lab. To have the
original of a file back, rename yours and run the command again.
"""
_REPLAY = """\
examples:
  sls-lab replay code-examples/apps/upload-chain           the requests of its requests.yml
  sls-lab replay my-app --data '{"title": "x"}' --at submit --run-its-code
  sls-lab replay my-app --request attack.yml --format json --run-its-code

Handlers run in a process of their own, without a network, in a folder that is thrown away, for 10 seconds at most.
Programs, SQL, eval and the like are recorded and not carried out. That is not a sandbox: for code that you do not
trust, use a container.
"""
_PROGRESS = """\
Progress is one file on this computer, in XDG_DATA_HOME, else in ~/.local/share. Nothing of it goes anywhere.
Learners who share a computer account set SLS_LAB_LEARNER, each to a name of their own, before they start JupyterLab.
"""


_QUIZ = """\
Best on the day after. The questions are about the notebooks that you have worked on, and begin with those that you were
asked least often. Answer with a letter or a few words; an empty line goes on to the answer, Ctrl-D ends the quiz.
"""


_ROOM = """\
Learners join from a notebook, each by a nickname, and only if they want to: they give the address that is printed here,
and the class word, which is asked for, or taken from SLS_LAB_ROOM_WORD. Nothing but exercises, minutes and raised hands
is sent.

  sls-lab room class                       a server for this machine
  sls-lab room class --listen 0.0.0.0      for a class on the same network
  sls-lab room /shared/class --export csv  a folder that all can write to needs no server
  sls-lab room class --export ctfd         the exercises as challenges of a contest, with their flags
"""


_BENCH = """\
An application says what is true of it by an expected.yml (see code-examples), or by a README with the heading "Expected
Results", as those of the published suite do:

  git clone https://github.com/giusepperaffa/serverless-security-microbenchmarks
  sls-lab bench serverless-security-microbenchmarks --ablate all
"""


_SURVEY = """\
Each application is analysed within limits of its own, several share one start of Pysa, and each has exactly one record:
a survey that was interrupted, or killed, goes on where it stopped.

  sls-lab survey repositories -o survey.jsonl --csv survey.csv --html survey.html
  sls-lab survey repositories --scheduler tcp://127.0.0.1:8786      (pip install 'sls-lab[cluster]')
"""


class _CommandParser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        """Raise instead of leaving the program, so that every complaint goes the same way."""
        raise CommandError(f"{message}\n{self.format_usage().strip()}")

    def _print_message(self, message: str, file: Any = None) -> None:
        # Python up to 3.11.2 writes to a closed standard output, which is None, all the same.
        if file is not None:
            super()._print_message(message, file)


def build_parser(version: str) -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = _CommandParser(
        prog="sls-lab",
        description=_DESCRIPTION,
        epilog=_EXAMPLES + "\n" + _EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"sls-lab {version}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    doctor = _command(commands, "doctor", "check that everything is there, with a flow found live")
    _quiet(doctor)

    analyse = _command(commands, "analyse", "find the flows of applications", _ANALYSE + _EXIT, aliases=("analyze",))
    _apps(analyse)
    analyse.add_argument("--format", choices=FORMATS, default="text", help="what to write (default: text)")
    _output(analyse, "FILE")
    _sources_option(analyse)
    analyse.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="name files relative to this folder in sarif, junit and gitlab (default: the application's)",
    )
    analyse.add_argument("--absolute", action="store_true", help="name the folder on this machine in SARIF")
    analyse.add_argument("--each", action="store_true", help="analyse each application in the folders on its own")
    analyse.add_argument("--fail-on-flow", action="store_true", help="exit with 1 where a flow is found")
    analyse.add_argument("--baseline", type=Path, metavar="FILE", help="silence the findings that this file accepts")
    analyse.add_argument(
        "--write-baseline", type=Path, metavar="FILE", help="accept all that is found today: write it to this file"
    )
    analyse.add_argument("--strict", action="store_true", help="exit with 3 where a handler was not analysed")
    analyse.add_argument("--explain", action="store_true", help="add why each fact holds and what each rule means")
    analyse.add_argument("--no-cache", action="store_true", help="run Pysa even where nothing changed")
    analyse.add_argument("--confirm", action="store_true", help="replay attacks and say which flows they confirm")
    _running(analyse)
    analyse.add_argument(
        "--trust-recording", action="store_true", help="believe recordings that are not the kit's own as well"
    )
    analyse.add_argument("--recorded", action="store_true", help="show recordings and run nothing")
    _quiet(analyse)
    _values(analyse)

    watch = _command(commands, "watch", "analyse an application again whenever one of its files changes")
    _app(watch)
    _sources_option(watch)
    watch.add_argument("--baseline", type=Path, metavar="FILE", help="silence the findings that this file accepts")
    _quiet(watch)
    _values(watch)

    graph = _command(commands, "graph", "draw which handler wakes which")
    _app(graph)
    graph.add_argument("--format", choices=GRAPH_FORMATS, default="text", help="what to write (default: text)")
    graph.add_argument("--all", action="store_true", help="show events that wake no handler as well")
    _output(graph, "FILE")
    _values(graph)

    rewrite = _command(commands, "rewrite", "show the synchronous equivalent that is analysed, as a diff")
    _app(rewrite)
    shown = rewrite.add_mutually_exclusive_group()
    shown.add_argument(
        "--all", action="store_true", help="with the edits that serve the analyser alone: what Pysa reads"
    )
    shown.add_argument("--for-the-analyser", action="store_true", help="show the edits for the analyser alone")
    _output(rewrite, "DIR", "write templates and rewritten files to this new or empty folder")
    _values(rewrite)

    record = _command(commands, "record", "store live runs beside applications, for machines without Pysa")
    _apps(record)
    _quiet(record)
    _values(record)

    bench = _command(commands, "bench", "measure how right the analysis is on applications with known answers", _BENCH)
    bench.add_argument(
        "folder", metavar="FOLDER", type=Path, help="applications with an expected.yml, or the public suite"
    )
    bench.add_argument(
        "--ablate",
        type=_ablations,
        default=(),
        metavar="KINDS",
        help=f"take these away, one by one: {', '.join(ABLATIONS)}",
    )
    bench.add_argument("--format", choices=BENCH_FORMATS, default="text", help="what to write (default: text)")
    bench.add_argument("--no-cache", action="store_true", help="run Pysa even where nothing changed")
    _output(bench, "FILE")
    _quiet(bench)

    survey = _command(commands, "survey", "find out what a collection of repositories looks like", _SURVEY)
    survey.add_argument("folders", nargs="+", metavar="FOLDER", type=Path, help="a repository, or a folder of them")
    _output(survey, "FILE", "the file of records, JSON Lines (default: survey.jsonl); what it holds is not done again")
    survey.add_argument("--csv", type=Path, metavar="FILE", help="write a table of the applications")
    survey.add_argument("--html", type=Path, metavar="FILE", help="write a page of figures")
    survey.add_argument("--workers", type=_positive, metavar="N", help="batches at a time (default: one a processor)")
    survey.add_argument(
        "--seconds", type=_positive, default=120, metavar="N", help="for one application (default: 120)"
    )
    survey.add_argument("--memory", type=_positive, default=2000, metavar="MB", help="for one batch (default: 2000)")
    survey.add_argument("--scheduler", metavar="ADDRESS", help="use the workers of this Dask cluster")
    _quiet(survey)

    explain = _command(commands, "explain", "say what a diagnostic, a piece of advice or a category of flows means")
    explain.add_argument("codes", nargs="*", metavar="CODE", help="a code, a category or a rule, as reports name it")
    explain.add_argument("--all", action="store_true", help="explain all of them, as Markdown")

    course = _command(commands, "course", "copy the notebooks and examples into a folder of your own", _COURSE)
    course.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or one with an earlier version of them")

    room = _command(commands, "room", "see how far a class is, where most are stuck, and whose hand is up", _ROOM)
    room.add_argument(
        "folder", metavar="DIR", type=Path, help="where the class's messages are kept; made where missing"
    )
    room.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="where to serve (default: 127.0.0.1)")
    room.add_argument("--port", type=_port, default=8700, metavar="N", help="default: 8700; 0 takes one that is free")
    room.add_argument("--prefix", default="/", metavar="PATH", help="what addresses begin with, after a proxy")
    room.add_argument("--export", choices=("csv", "ctfd"), help="write this and serve nothing")
    room.add_argument("--remove", metavar="NICKNAME", help="forget a learner, so that the nickname is free again")
    _output(room, "FILE")

    replay = _command(commands, "replay", "run an application on a simulated AWS and tell what happens", _REPLAY)
    _app(replay)
    replay.add_argument("--request", type=Path, metavar="FILE", help="what to send, as an entry of requests.yml")
    replay.add_argument(
        "--data", metavar="JSON", help="what to send: the body of an HTTP request, else the event object"
    )
    replay.add_argument("--at", metavar="HANDLER", help="the function to send it to (default: the only one with a URL)")
    _running(replay)
    replay.add_argument("--format", choices=("text", "json"), default="text", help="what to write (default: text)")
    _output(replay, "FILE")
    _quiet(replay)
    _values(replay)

    progress = _command(commands, "progress", "show how much of the course is done", _PROGRESS)
    progress.add_argument("--learner", default="", metavar="NAME", help="whose progress (default: SLS_LAB_LEARNER)")
    progress.add_argument("--format", choices=("text", "json"), default="text", help="what to write (default: text)")
    progress.add_argument("--certificate", type=Path, metavar="FILE", help="write a page of what was done, to print")
    progress.add_argument("--name", default="", help="whose name is on that page (default: the learner's)")
    progress.add_argument("--reset", action="store_true", help="forget all of it and start again")

    quiz = _command(commands, "quiz", "answer a few questions on what you have learned", _QUIZ)
    quiz.add_argument("--learner", default="", metavar="NAME", help="whose progress (default: SLS_LAB_LEARNER)")
    quiz.add_argument("-n", "--questions", type=_positive, default=5, metavar="N", help="so many (default: 5)")
    return parser


def options_of(arguments: argparse.Namespace) -> Options:
    """What was given for values outside the template. Raises CommandError for a pair without `=`."""
    from sls_lab.template.model import Options

    opt = _pairs("--opt", arguments.opt)
    for name in ("stage", "region"):
        value = getattr(arguments, name)
        if value is not None:
            opt[name] = value
    env = _pairs("--env", arguments.env)
    return Options(opt=opt, env=env, param=_pairs("--param", arguments.param), templates=tuple(arguments.template))


def _command(
    commands: argparse._SubParsersAction[_CommandParser],
    name: str,
    about: str,
    epilog: str = "",
    *,
    aliases: Sequence[str] = (),
) -> _CommandParser:
    return commands.add_parser(
        name,
        aliases=aliases,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _app(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", type=Path, help="the application's folder")


def _apps(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("apps", nargs="+", metavar="APP", type=Path, help="an application's folder")


def _output(parser: argparse.ArgumentParser, what: str, about: str = "write to this file, not to the output") -> None:
    parser.add_argument("-o", "--output", type=Path, metavar=what, help=about)


def _sources_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sources",
        type=_sources,
        default=frozenset({"public"}),
        metavar="KINDS",
        help="whose events are sources: public, external, internal, deployment, with commas between (default: public)",
    )


def _running(parser: argparse.ArgumentParser) -> None:
    about = "let the handlers of an application run that is not the kit's own"
    parser.add_argument("--run-its-code", action="store_true", help=about)


def _quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing about progress")


def _values(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("values outside the template")
    group.add_argument(
        "--template", action="append", default=[], metavar="T", help="read this template alone (may be repeated)"
    )
    group.add_argument("--stage", metavar="NAME", help="the stage, ${opt:stage}")
    group.add_argument("--region", metavar="NAME", help="the region, ${opt:region}")
    group.add_argument("--opt", action="append", default=[], metavar="K=V", help="${opt:K}")
    group.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="${env:NAME}")
    group.add_argument("--param", action="append", default=[], metavar="K=V", help="${param:K}, a stack's parameter K")


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise CommandError(f"{option} takes NAME=VALUE, not {pair!r}")
        pairs[name] = value
    return pairs


def _ablations(given: str) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in given.split(","))))
    if names == ("all",):
        return ABLATIONS
    if not names or set(names) - set(ABLATIONS):
        raise argparse.ArgumentTypeError(f"{given!r} is neither all nor a list of {', '.join(ABLATIONS)}")
    return names


def _positive(given: str) -> int:
    if not given.isdecimal() or not int(given):
        raise argparse.ArgumentTypeError(f"{given!r} is not a number of 1 or more")
    return int(given)


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65535:
        raise argparse.ArgumentTypeError(f"{given!r} is not a port, a number from 0 to 65535")
    return int(given)


def _sources(given: str) -> frozenset[str]:
    kinds = frozenset(filter(None, (kind.strip() for kind in given.split(","))))
    if not kinds or kinds - set(SOURCES):
        raise argparse.ArgumentTypeError(f"{given!r} is not a list of {', '.join(SOURCES)}")
    return kinds
