"""What goes wrong in a room full of people: restarts, saved notebooks, and applications that are odd or broken."""

from __future__ import annotations

import importlib.util
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
START = "import sls_lab\nfrom sls_lab.widgets import {}\napp = sls_lab.load_app('../{}')"
CHAIN = "code-examples/apps/upload-chain"
ENDED = "The kernel of this widget has ended. Run its cell again."
# `تسجيل` is written from right to left. Each name becomes a function that sends to the next one's queue.
NAMES = ("<script>alert(1)</script>", '"]; x [', "写真", "تسجيل")
LONG = 10_000


def test_after_a_restart_the_page_stays_usable(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(START.format("EventGraphExplorer, TemplateExplorer", CHAIN), "EventGraphExplorer(app)")
    page = notebook.page
    widget = page.locator(".sls-events")
    widget.locator("g.node").first.wait_for()
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.restartKernel(); }")
    widget.get_by_role("option", name="store → register").click()
    expect(widget.get_by_role("status")).to_have_text(ENDED)
    widget.locator("summary").click()
    expect(widget.locator("g.handler")).to_have_count(4)
    notebook.run_all()
    widget.get_by_role("option", name="store → register").click()
    expect(widget.locator(".sls-title")).to_contain_text("store → register")
    assert page.locator(".sls-events").count() == 1
    assert notebook.complaints == []


def test_a_saved_notebook_shows_what_it_can_and_lives_again(
    open_cells: Callable[..., Any], open_page: Callable[..., Any], lab: Any
) -> None:
    notebook = open_cells(START.format("EventGraphExplorer", CHAIN), "EventGraphExplorer(app)", anew=True)
    page = notebook.page
    page.locator("g.node").first.wait_for()
    notebook.do("docmanager:save")
    saved = lab.folder / page.evaluate("() => jupyterapp.shell.currentWidget.context.path")
    content = json.loads(saved.read_text(encoding="utf-8"))
    assert "widgets" not in content["metadata"]
    widget, page_of_it = (output["data"] for output in content["cells"][1]["outputs"])
    assert set(widget) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert set(page_of_it) == {"text/html", "text/plain"}
    # The page is loaded again while the kernel runs: the widget is back, and answers.
    page.reload()
    notebook.wait_until_ready()
    page.get_by_role("option", name="store → register").click()
    expect(page.locator(".sls-title")).to_contain_text("store → register")
    assert notebook.complaints == []
    # Somebody else opens it, who has no kernel with these widgets and does not trust what it brings along.
    content["cells"][0]["source"] += "\n# changed on another machine"
    copy = saved.with_name(f"test-{secrets.token_hex(4)}.ipynb")
    copy.write_text(json.dumps(content), encoding="utf-8")
    other = open_page(f"notebooks/{copy.name}")
    other.page.locator(".sls-static").get_by_text("Events between the handlers of upload-chain").wait_for()
    assert other.page.locator("section.sls").count() == 0
    other.run_all()
    other.page.locator(".sls-events g.node").first.wait_for()
    expect(other.page.locator(".sls-static")).to_be_hidden()
    assert other.strangers == []
    assert other.complaints == []


def test_a_notebook_opened_on_the_next_day_shows_what_its_widgets_showed(
    open_cells: Callable[..., Any], open_page: Callable[..., Any], end_kernels: Callable[[], None]
) -> None:
    notebook = open_cells(START.format("EventGraphExplorer", CHAIN), "EventGraphExplorer(app)")
    notebook.page.locator("g.node").first.wait_for()
    notebook.do("docmanager:save")
    saved = notebook.page.evaluate("() => jupyterapp.shell.currentWidget.context.path")
    end_kernels()
    page = open_page(saved).page
    page.locator(".sls-static").get_by_text("Events between the handlers of upload-chain").wait_for()
    expect(page.get_by_text("model not found")).to_be_hidden()


def test_all_widgets_of_one_application_follow_each_other(open_cells: Callable[..., Any]) -> None:
    names = ("EventGraphExplorer", "TemplateExplorer", "AstExplorer", "RewritingStepper", "Editor")
    notebook = open_cells(START.format(", ".join(names), CHAIN), *(f"{name}(app)" for name in names))
    page = notebook.page
    page.locator(".sls-events g.node").first.wait_for()
    page.locator(".sls-events").get_by_role("option", name="store → register").click()
    expect(page.locator(".sls-editor").get_by_label("File", exact=True)).to_have_value("handlers/store.py")
    expect(page.locator(".sls-ast .sls-source")).to_contain_text("Put each queued recording into the bucket")
    expect(page.locator(".sls-rewriting")).to_contain_text("handlers/store.py:15")
    page.locator(".sls-template").get_by_role("option", name="convert").click()
    expect(page.locator(".sls-events .sls-title")).to_have_text("handler convert")
    assert notebook.complaints == []


def write_odd_application(folder: Path) -> None:
    """Functions with odd names, a line and a value of 10,000 characters, and one handler that does not parse."""
    folder.mkdir()
    functions = []
    for number, name in enumerate(NAMES):
        quoted = "'" + name.replace("'", "''") + "'"
        events = "httpApi: POST /start" if number == 0 else f"sqs: 'arn:aws:sqs:eu-west-1:123456789012:q{number}'"
        functions.append(f"  {quoted}: {{handler: f{number}.handler, events: [{events}]}}\n")
        url = f"https://sqs.eu-west-1.amazonaws.com/123456789012/q{number + 1}"
        data = 'event["body"]' if number == 0 else 'event["Records"][0]["body"]'
        text = (
            "import os\nimport boto3\n\n\ndef handler(event, context):\n"
            f'    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody={data})\n'
        )
        if name == "写真":
            text += f'    os.system({data} + "{"x" * LONG}")\n'
        (folder / f"f{number}.py").write_text(text, encoding="utf-8")
    (folder / f"f{len(NAMES) - 1}.py").write_text("def handler(event, context:\n    return 写\n", encoding="utf-8")
    (folder / "serverless.yml").write_text(
        f"service: odd\nprovider:\n  name: aws\n  runtime: python3.12\n  environment: {{LONG: '{'y' * LONG}'}}\n"
        "  iam: {role: {statements: [{Effect: Allow, Action: '*', Resource: '*'}]}}\nfunctions:\n" + "".join(functions),
        encoding="utf-8",
    )


@pytest.mark.live
def test_odd_names_long_lines_and_a_broken_handler_in_all_widgets(open_cells: Callable[..., Any], lab: Any) -> None:
    write_odd_application(lab.folder / "odd")
    names = ("EventGraphExplorer", "TemplateExplorer", "AstExplorer", "RewritingStepper", "TaintStepper", "Editor")
    cells = [START.format(", ".join(names), "odd"), *(f"{name}(app)" for name in names)]
    notebook = open_cells(*cells, width=1280)
    page = notebook.page
    dialogs: list[str] = []

    def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    graph, template, tree, rewriting, taint, editor = (
        page.locator(f"section.sls-{kind}") for kind in ("events", "template", "ast", "rewriting", "taint", "editor")
    )
    graph.locator("g.node").first.wait_for()
    taint.get_by_text("step 1 of").wait_for()
    # All names stand there as they are written, whatever is looked at.
    functions = template.get_by_role("listbox").first.get_by_role("option")
    for number, name in enumerate(NAMES):
        expect(functions.nth(number)).to_contain_text(name)
        functions.nth(number).click()
        expect(graph.locator(".sls-title")).to_have_text(f"handler {name}")
    for name in NAMES:
        expect(graph.locator("g.handler", has_text=name)).to_have_count(1)
    # The last one is broken, and each widget that is about handlers says so.
    expect(graph.locator("g.handler", has_text=NAMES[-1])).to_contain_text("not analysed")
    expect(template).to_contain_text("Not analysed: f3.py does not parse")
    expect(rewriting).to_contain_text(f"Not analysed: {NAMES[-1]}: f3.py does not parse")
    tree.get_by_label("File", exact=True).select_option("f3.py")
    expect(tree.get_by_role("alert")).to_contain_text("f3.py does not parse")
    editor.get_by_label("File", exact=True).select_option("f3.py")
    expect(editor.get_by_label("Text of the file")).to_have_value("def handler(event, context:\n    return 写\n")
    expect(taint).to_contain_text("f3.py does not parse")
    # The long line is there to its end, in a box of its own that scrolls.
    taint.get_by_role("button", name="Last", exact=True).click()
    expect(taint.get_by_role("group", name="Code", exact=True)).to_contain_text("x" * LONG)
    editor.get_by_label("File", exact=True).select_option("f2.py")
    expect(editor.get_by_label("Text of the file")).to_have_value(re.compile("x" * LONG))
    assert notebook.misfits() == []
    assert page.locator("section.sls script").count() == 0
    assert notebook.violations("section.sls") == []
    assert dialogs == []
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_template_of_a_hundred_functions(open_cells: Callable[..., Any], lab: Any) -> None:
    synthetic = importlib.util.spec_from_file_location("synthetic", ROOT / "benchmarks" / "synthetic.py")
    assert synthetic is not None
    assert synthetic.loader is not None
    module = importlib.util.module_from_spec(synthetic)
    synthetic.loader.exec_module(module)
    module.write_application(lab.folder / "synthetic", 100)
    names = "EventGraphExplorer, TemplateExplorer"
    notebook = open_cells(START.format(names, "synthetic"), "TemplateExplorer(app)", "EventGraphExplorer(app)")
    page = notebook.page
    functions = page.locator(".sls-template").get_by_role("listbox").first
    expect(functions.get_by_role("option")).to_have_count(100)
    page.locator(".sls-events g.node").first.wait_for()
    functions.focus()
    page.keyboard.press("End")
    expect(page.locator(".sls-events .sls-title")).to_have_text("handler step0099")
    chosen = page.locator(".sls-template .sls-source .sls-chosen[data-segment]").first
    expect(chosen).to_contain_text("step0099")
    expect(chosen).to_be_in_viewport()
    assert notebook.misfits() == []
    assert notebook.complaints == []
