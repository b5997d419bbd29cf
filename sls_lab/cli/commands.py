"""What each command does, once its arguments are read. Each returns the exit status."""

from __future__ import annotations

import argparse
import importlib.util
import shlex
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sls_lab.app import App, analyse, load_app
from sls_lab.cli.console import (
    BAD_INPUT,
    FINE,
    FLOWS,
    NOT_ANALYSED,
    CommandError,
    StepProgress,
    coloured,
    columns,
    complain,
    is_terminal,
    say,
)
from sls_lab.cli.output import check_folder, check_place, deliver, write_folder
from sls_lab.cli.parser import options_of
from sls_lab.facts import DEFECTS, UnreadableApplication
from sls_lab.report.display import visible
from sls_lab.report.handlers import complete
from sls_lab.report.summary import count, outcome, titles
from sls_lab.silence import baseline_json, entries_of, read_baseline
from sls_lab.template import find_applications


def run_analyse(arguments: argparse.Namespace, version: str) -> int:
    """`sls-lab analyse APP…`."""
    check_place(arguments.output)
    check_place(arguments.write_baseline)
    if arguments.root is not None:
        from sls_lab.report.repository import prefix_of

        for path in arguments.apps:  # before time is spent on the analysis
            prefix_of(path, arguments.root)
    baseline = read_baseline(arguments.baseline) if arguments.baseline is not None else None
    options = options_of(arguments)
    paths = _paths(arguments)
    readable: list[App] = []
    with StepProgress(quiet=arguments.quiet) as progress:
        for path in paths:
            progress(f"reading {path}")
            app = load_app(
                path,
                options,
                sources=arguments.sources,
                baseline=baseline,
                trust_recording=arguments.trust_recording,
            )
            try:
                _ = app.subject
            except UnreadableApplication as error:
                complain(str(error))
            except DEFECTS as error:
                complain(f"sls-lab failed on {path} ({type(error).__name__}), so it was left out: please report it")
            else:
                readable.append(app)
        if readable:
            if arguments.confirm:
                from sls_lab.cli.replaying import check_confirmable, confirm_flows

                check_confirmable(readable, arguments)  # before time is spent on the analysis
            analyse(readable, progress=progress, use_cache=not arguments.no_cache, use_recording=arguments.recorded)
            if arguments.confirm:
                confirm_flows(readable, arguments, progress)
    if not readable:
        return BAD_INPUT
    deliver(_report(readable, arguments, version), arguments.output)
    if arguments.write_baseline is not None:
        _write_baseline(readable, arguments.write_baseline)
    if arguments.output is not None or arguments.format != "text":
        for title, app in zip(titles(readable), readable, strict=True):
            say(f"{title}: {outcome(app).sentence}")
    if len(readable) < len(paths):
        return BAD_INPUT
    return _status(readable, arguments)


def _paths(arguments: argparse.Namespace) -> list[Path]:
    """The folders to analyse: those that were named, with `--each` those of all applications in them."""
    if not arguments.each:
        return list(arguments.apps)
    found: list[Path] = []
    for path in arguments.apps:
        found.extend([path / folder for folder in find_applications(path)] or [path])
    return found


def _report(apps: Sequence[App], arguments: argparse.Namespace, version: str) -> str:
    # Each format is imported when it is asked for: together they take longer than a small application.
    match arguments.format:
        case "json":
            from sls_lab.report.json import as_json

            return as_json(apps, array=len(arguments.apps) > 1 or arguments.each)
        case "sarif":
            from sls_lab.report.sarif import as_sarif

            return as_sarif(apps, version=version, absolute=arguments.absolute, root=arguments.root)
        case "junit":
            from sls_lab.report.junit import as_junit

            return as_junit(apps, root=arguments.root)
        case "gitlab":
            from sls_lab.report.gitlab import as_gitlab

            return as_gitlab(apps, root=arguments.root)
        case "html":
            from sls_lab.report.html import as_html

            return as_html(apps, version=version)
        case _:
            from sls_lab.report.text import as_text

            colour = arguments.output is None and coloured(sys.stdout)
            return as_text(apps, columns=columns(sys.stdout), colour=colour, explain=arguments.explain)


def _write_baseline(apps: Sequence[App], file: Path) -> None:
    entries = [entry for app in apps for entry in entries_of(app.name, app.findings, app.texts)]
    deliver(baseline_json(entries), file)
    say(f"{count(len(entries), 'finding')} accepted in {file}")


def _status(apps: Sequence[App], arguments: argparse.Namespace) -> int:
    if arguments.fail_on_flow and any(app.flows.flows for app in apps):
        return FLOWS
    if any(outcome(app).answer == "not-analysed" for app in apps):
        return NOT_ANALYSED
    if arguments.strict and not all(complete(app) for app in apps):
        return NOT_ANALYSED
    return FINE


def run_graph(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab graph APP`."""
    from sls_lab.report.dot import as_dot, as_mermaid
    from sls_lab.report.graph import as_lines, event_graph
    from sls_lab.report.svg import as_svg

    check_place(arguments.output)
    app = load_app(arguments.app, options_of(arguments))
    if arguments.format == "text":
        text = as_lines(app, everything=arguments.all)
    else:
        graph = event_graph(app, everything=arguments.all)
        text = {"dot": as_dot, "svg": as_svg, "mermaid": as_mermaid}[arguments.format](graph)
    _tell_problems(app)
    deliver(text, arguments.output)
    return FINE


def run_rewrite(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab rewrite APP`."""
    from sls_lab.report.diff import as_diff
    from sls_lab.rewrite import AnalysedText

    check_folder(arguments.output, arguments.app)
    app = load_app(arguments.app, options_of(arguments))
    rewriting = app.rewriting
    _tell_problems(app)
    last = arguments.all or arguments.for_the_analyser
    if arguments.output is not None:
        # The templates with what they include, so that the copy is an application as well.
        files = rewriting.files.items()
        texts = dict(app.template.texts)
        texts |= {name: AnalysedText(file).text if last else file.text for name, file in files}
        write_folder(arguments.output, texts)
        say(f"{count(len(texts), 'file')} written to {arguments.output}")
        return FINE
    diff = as_diff(rewriting, since="rewritten" if arguments.for_the_analyser else "original", analysed=last)
    if not diff:
        say(f"{app.name}: nothing to rewrite, since no call wakes a handler")
    # A file or a program gets the bytes that `patch` needs; a terminal must not obey what is written in the code.
    deliver(visible(diff, keep="\n\t") if is_terminal(sys.stdout) else diff, None)
    return FINE


def run_record(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab record APP…`."""
    from sls_lab.exercises import variants
    from sls_lab.recordings import record
    from sls_lab.taint import NoRecording

    apps = [load_app(path, options_of(arguments)) for path in arguments.apps]
    try:
        with StepProgress(quiet=arguments.quiet) as progress:
            record(apps, {app.name: variants(app.path) for app in apps}, progress=progress)
    except NoRecording as error:
        complain(str(error))
        return NOT_ANALYSED
    except OSError as error:
        place = error.filename or "the recording"
        raise CommandError(f"{place} cannot be written: {error.strerror or error}") from error
    for title, app in zip(titles(apps), apps, strict=True):
        say(f"{title}: recorded. {outcome(app).sentence}")
    return FINE


def run_replay(arguments: argparse.Namespace, version: str) -> int:
    """`sls-lab replay APP`."""
    from sls_lab.cli import replaying

    return replaying.run_replay(arguments, version)


def run_watch(arguments: argparse.Namespace, version: str) -> int:
    """`sls-lab watch APP`."""
    from sls_lab.cli import watching

    return watching.run_watch(arguments, version)


def run_doctor(arguments: argparse.Namespace, version: str) -> int:
    """`sls-lab doctor`."""
    from sls_lab.taint.run.doctor import examine, healthy

    with StepProgress(quiet=arguments.quiet) as progress:
        findings = examine(progress)
    colour = coloured(sys.stdout)
    marks = {"ok": ("✓", "32"), "missing": ("✗", "31"), "optional": ("–", "33")}
    width = max(len(finding.name) for finding in findings)
    lines = [f"sls-lab {version}"]
    for finding in findings:
        mark, style = marks[finding.state]
        if colour:
            mark = f"\x1b[{style}m{mark}\x1b[0m"
        lines.append(f"{mark} {finding.name:<{width}}  {visible(finding.detail)}")
        if finding.remedy:
            lines.append(f"  {'':<{width}}  → {visible(finding.remedy)}")
    fine = healthy(findings)
    lines.append("All is well." if fine else "Not all is well: live analyses will not work until each ✗ is fixed.")
    deliver("\n".join(lines) + "\n", None)
    return FINE if fine else NOT_ANALYSED


def run_bench(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab bench FOLDER`."""
    from sls_lab.bench import find_cases, measure, report

    check_place(arguments.output)
    cases, unusable = find_cases(arguments.folder)
    for problem in unusable:
        complain(problem)
    with StepProgress(quiet=arguments.quiet) as progress:
        measured = measure(cases, arguments.ablate, progress=progress, use_cache=not arguments.no_cache)
    match arguments.format:
        case "json":
            text = report.as_json(measured)
        case "markdown":
            text = report.as_markdown(measured)
        case "svg":
            text = report.as_svg(measured)
        case _:
            colour = arguments.output is None and coloured(sys.stdout)
            text = report.as_text(measured, columns=columns(sys.stdout), colour=colour)
    deliver(text, arguments.output)
    if arguments.output is not None:
        say(report.sentence(measured))
    if not any(one.score.analysed for one in measured):
        return NOT_ANALYSED
    return BAD_INPUT if unusable else FINE


def run_survey(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab survey FOLDER…`."""
    from sls_lab.survey import Journal, SurveyLimits, collect, survey, tables

    file = arguments.output or Path("survey.jsonl")
    for place in (file, arguments.csv, arguments.html):
        check_place(place)
    missing = [folder for folder in arguments.folders if not folder.is_dir()]
    if missing:
        raise CommandError(f"{missing[0]} is not a folder")
    with StepProgress(quiet=arguments.quiet) as progress, Journal(file) as journal:
        progress("looking for applications")
        collected = collect(arguments.folders)
        limits = SurveyLimits(arguments.seconds, arguments.memory)
        survey(
            collected,
            journal,
            limits=limits,
            workers=arguments.workers,
            scheduler=arguments.scheduler,
            progress=progress,
        )
        records = [journal.records[one.name] for one in collected]
    if arguments.csv is not None:
        deliver(tables.as_csv(records), arguments.csv)
    if arguments.html is not None:
        deliver(tables.as_html(records), arguments.html)
    say(tables.sentence(records))
    return FINE if records else BAD_INPUT


def run_explain(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab explain CODE…`."""
    from sls_lab.report.explanations import explanation, page

    if arguments.all == bool(arguments.codes):
        raise CommandError("explain takes the codes to explain, or --all")
    if arguments.all:
        deliver(page(), None)
    else:
        deliver("\n\n".join(map(explanation, arguments.codes)) + "\n", None)
    return FINE


def run_course(arguments: argparse.Namespace, version: str) -> int:
    """`sls-lab course DIR`."""
    from sls_lab.course import FIRST_NOTEBOOK, lay_course

    laid = lay_course(arguments.folder)
    counted = ((laid.added, "new"), (laid.renewed, "renewed"), (laid.unchanged, "as before"), (laid.kept, "yours"))
    parts = ", ".join(f"{len(names)} {words}" for names, words in counted if names)
    lines = [f"The course of sls-lab {version} is in {arguments.folder}: {parts}."]
    for name in laid.outdated:
        lines.append(f"kept as you changed it, although its original is newer now: {name}")
    for name in laid.dropped:
        lines.append(f"no longer part of the course: {name}")
    lines.append(f"Open it with: jupyter lab {shlex.quote(str(arguments.folder / FIRST_NOTEBOOK))}")
    if importlib.util.find_spec("jupyterlab") is None:
        lines.append("JupyterLab is not installed here: run pip install 'sls-lab[lab]' first")
    deliver("".join(f"{visible(line)}\n" for line in lines), None)
    return FINE


def run_room(arguments: argparse.Namespace, version: str) -> int:
    """`sls-lab room DIR`."""
    from sls_lab.cli import rooming

    return rooming.run_room(arguments, version)


def run_progress(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab progress`."""
    from sls_lab.exercises import (
        certificate,
        lessons,
        progress_file,
        progress_json,
        progress_text,
        read_progress,
        reset,
    )

    check_place(arguments.certificate)
    file = progress_file(arguments.learner)
    if arguments.reset:
        reset(file)
        say(f"{file} is removed: progress starts again from nothing")
    progress = read_progress(file)
    if progress.note:
        say(progress.note)
    if arguments.certificate is not None:
        name = arguments.name or arguments.learner or "A learner"
        deliver(certificate(lessons(), progress, name, date.today()), arguments.certificate)
        say(f"{arguments.certificate}: open it in a browser, and print it from there")
        return FINE
    text = progress_json(progress) if arguments.format == "json" else progress_text(progress)
    deliver(f"{text}\n", None)
    return FINE


def _tell_problems(app: App) -> None:
    """Errors and warnings of the steps before the taint, which a graph or a diff does not show."""
    steps = (app.template, app.code, app.events, app.rewriting)
    problems = dict.fromkeys(diagnostic for step in steps for diagnostic in step.diagnostics)
    for problem in problems:
        if problem.level != "note":
            place = f"{problem.span.place}: " if problem.span else ""
            say(f"{place}{problem.level}: {problem.message}", style="31" if problem.level == "error" else "33")
