"""`sls-lab replay`, and what `analyse --confirm` does: the commands that run an application's code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sls_lab.app import App, load_app
from sls_lab.cli.console import BAD_INPUT, FINE, CommandError, StepProgress, coloured, columns
from sls_lab.cli.output import check_place, deliver
from sls_lab.cli.parser import options_of
from sls_lab.course.contents import own_applications
from sls_lab.replay import Child, Replay, Simulation, check_available
from sls_lab.replay.http_requests import http_trigger
from sls_lab.replay.own_examples import check_allowed
from sls_lab.replay.requests_file import FILE, Scenario, read_request, read_requests
from sls_lab.taint.kept.stored_file import NotAsStored, read_stored
from sls_lab.template.model import Template


def run_replay(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab replay APP`."""
    check_place(arguments.output)
    app = load_app(arguments.app, options_of(arguments))
    template = app.template
    scenarios = _scenarios(arguments, app.path, template)
    check_allowed(app.path, own_applications(), arguments.run_its_code)
    replays: list[Replay] = []
    with StepProgress(quiet=arguments.quiet) as progress, Child() as child:
        simulation = Simulation(template, child)
        for scenario in scenarios:
            progress(f"replaying {scenario.name or scenario.at}")
            replays.append(simulation.replay(scenario.request(simulation.deployment)))
    deliver(_report(replays, arguments), arguments.output)
    return FINE if all(replay.replayed and replay.hops for replay in replays) else BAD_INPUT


def check_confirmable(apps: Sequence[App], arguments: argparse.Namespace) -> None:
    """Raise NotAllowed or ReplayUnavailable where the flows of an application cannot be tried."""
    check_available()
    own = own_applications()
    for app in apps:
        check_allowed(app.path, own, arguments.run_its_code)


def confirm_flows(apps: Sequence[App], arguments: argparse.Namespace, progress: StepProgress) -> None:
    """Try the flows of every application. Raises UnreadableRequests."""
    from sls_lab.replay.confirming import confirm
    from sls_lab.replay.request_search import Search
    from sls_lab.replay.request_shapes import shaped_requests

    with Child() as child:
        for app in apps:
            progress(f"replaying attacks on {app.name}")
            simulation = Simulation(app.template, child)
            scenarios = read_requests(app.path, app.template)
            search = None if scenarios else Search(simulation, app.template, app.code)
            shaped = scenarios or shaped_requests(app.template, app.code)
            app.confirmed = confirm(simulation, app.flows, shaped, search=search)


def _scenarios(arguments: argparse.Namespace, folder: Path, template: Template) -> tuple[Scenario, ...]:
    if arguments.request is not None and arguments.data is not None:
        raise CommandError("give --request or --data, not both")
    if arguments.request is not None:
        try:
            text = read_stored(arguments.request).decode("utf-8")
        except NotAsStored as error:
            raise CommandError(f"{arguments.request} {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{arguments.request} cannot be read: {error}") from error
        scenario = read_request(text, str(arguments.request))
        return (replace(scenario, at=arguments.at or scenario.at),)
    if arguments.data is not None:
        try:
            data = json.loads(arguments.data)
        except ValueError as error:
            raise CommandError(f"--data is not JSON: {error}") from error
        except RecursionError as error:
            raise CommandError("--data is nested too deeply") from error
        at = arguments.at or _only_entrance(template)
        return (Scenario("", at, False, {"body": data}),)
    if arguments.at is not None:
        return (Scenario("", arguments.at),)
    found = read_requests(folder, template)
    honest = tuple(one for one in found if not one.attack)
    if not honest:
        raise CommandError(f"{folder} has no {FILE}: give --data JSON or --request FILE, and --at HANDLER")
    return honest


def _only_entrance(template: Template) -> str:
    """The function that requests reach, where there is only one."""
    names = [function.name for function in template.functions if http_trigger(function) is not None]
    if len(names) != 1:
        told = ", ".join(names or [function.name for function in template.functions])
        raise CommandError(f"say which handler gets the data: --at with one of {told}")
    return names[0]


def _report(replays: Sequence[Replay], arguments: argparse.Namespace) -> str:
    if arguments.format == "json":
        from sls_lab.replay.as_json import as_json

        return as_json(replays)
    from sls_lab.report.replay_text import as_replay_text

    colour = arguments.output is None and coloured(sys.stdout)
    return as_replay_text(replays, columns=columns(sys.stdout), colour=colour)
