"""Handlers that a plugin writes, and custom runtimes: which file they mean."""

from __future__ import annotations

import pytest

from tests.template.serverless.applications import Read

APP = {"api/app.py": "app = None\n", "site.py": "app = None\n"}


@pytest.mark.parametrize(
    ("more", "file"),
    [
        ("plugins: [serverless-wsgi]\ncustom: {wsgi: {app: api/app.app}}", "api/app.py"),
        ("plugins: [serverless-wsgi]\ncustom: {wsgi: {app: api.app.app}}", "api/app.py"),
        ("plugins: {modules: [a, serverless-wsgi]}\ncustom: {wsgi: {app: site.app}}", "site.py"),
        ("plugins: [serverless-wsgi]\ncustom: {main: site.app, wsgi: {app: '${self:custom.main}'}}", "site.py"),
    ],
)
def test_the_plugin_hands_requests_to_the_application_it_is_given(read: Read, more: str, file: str) -> None:
    template = read(f"{more}\nfunctions: {{web: {{handler: wsgi_handler.handler, events: [http: ANY /]}}}}", APP)
    assert not template.diagnostics
    assert [(one.file, one.attribute, one.handler) for one in template.functions] == [
        (file, "app", "wsgi_handler.handler")
    ]


@pytest.mark.parametrize(
    "more",
    [
        "custom: {wsgi: {app: site.app}}",
        "plugins: [serverless-wsgi]",
        "plugins: [other]\ncustom: {wsgi: {app: site.app}}",
    ],
)
def test_without_the_plugin_or_its_setting_the_file_is_missing(read: Read, more: str) -> None:
    template = read(f"{more}\nfunctions: {{web: {{handler: wsgi_handler.handler}}}}", APP)
    assert [diagnostic.code for diagnostic in template.diagnostics] == ["handler-file-missing"]


def test_an_application_may_have_a_file_of_that_name_itself(read: Read) -> None:
    files = {**APP, "wsgi_handler.py": "def handler(event, context): ...\n"}
    template = read("functions: {web: {handler: wsgi_handler.handler}}", files)
    assert [(one.file, one.attribute) for one in template.functions] == [("wsgi_handler.py", "handler")]


@pytest.mark.parametrize(("runtime", "language"), [("provided", "python"), ("provided.al2023", "python")])
def test_in_a_custom_runtime_the_file_decides(read: Read, runtime: str, language: str) -> None:
    template = read(
        f"""
        functions:
          ours: {{handler: site.app, runtime: {runtime}}}
          theirs: {{handler: bootstrap, runtime: {runtime}}}
        """,
        APP,
    )
    assert [(one.language, one.file) for one in template.functions] == [(language, "site.py"), ("other", None)]
    assert [diagnostic.code for diagnostic in template.diagnostics] == ["not-python"]


def test_another_language_stays_another_language(read: Read) -> None:
    template = read("functions: {web: {handler: site.app, runtime: nodejs20.x}}", APP)
    assert [diagnostic.code for diagnostic in template.diagnostics] == ["not-python"]
