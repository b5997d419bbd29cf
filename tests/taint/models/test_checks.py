"""Calls that the text alone settles."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.python.positions import span_of
from sls_lab.taint.judge.checks import harmless
from sls_lab.taint.judge.definitions import Meanings
from sls_lab.taint.judge.flow_source import FlowSource
from sls_lab.taint.judge.reading import Reading
from sls_lab.taint.read.dataflow import Held
from sls_lab.taint.rules import RULES

RULE = {rule.name: rule for rule in RULES}

HARMLESS = [
    ("MailMessage", "server.sendmail('a', ['b@c.example'], 'Subject: s\\r\\n\\r\\n' + x)"),
    ("MailMessage", "server.sendmail(x, 'b@c.example', msg=f'Subject: s\\n\\n{x}')"),
    ("MailMessage", "server.sendmail('a', os.environ['TEAM'], '\\n\\n' + x)"),
    ("MailMessage", "ses.send_email(Destination={'ToAddresses': ['b@c.example']}, Message={'Body': x})"),
    ("MailMessage", "ses.send_email(Destination={'ToAddresses': ['b']}, Content={'Simple': {'Body': x}})"),
    ("MailMessage", "server.send_message(x, 'a', ['b@c.example'])"),
    ("ShellCommand", "subprocess.run(['ls', x], shell=True)"),
    ("ShellCommand", "subprocess.run('ls ' + x)"),
    ("ShellCommand", "subprocess.run('ls ' + x, shell=False)"),
    ("ProgramName", "subprocess.run(('ls', x))"),
    ("ProgramName", "subprocess.run(['ls', *x])"),
    ("ProgramName", "subprocess.run('ls ' + x, shell=True)"),
    ("ShellScript", "subprocess.run(['python', '-c', x])"),
    ("ShellScript", "subprocess.run(['sh', 'file', x])"),
    ("ShellScript", "subprocess.run(x)"),
    ("Deserialisation", "yaml.load(x, Loader=yaml.SafeLoader)"),
    ("Deserialisation", "yaml.load_all(x, CSafeLoader)"),
    ("ArchiveExtraction", "archive.extractall(x, filter='data')"),
    ("ArchiveExtraction", "archive.extractall(x, filter=tarfile.data_filter)"),
    ("RequestUrl", "requests.get('https://a.example/' + x)"),
    ("RequestUrl", "requests.get('https://a.example/%s/b' % x)"),
    ("RequestUrl", "requests.get('https://a.example/{}'.format(x))"),
    ("RequestUrl", "requests.get(f'https://{os.environ[\"HOST\"]}/{x}')"),
    ("RequestUrl", "requests.get(os.getenv('BASE') + '/' + x)"),
    ("RequestUrl", "pool.request('GET', url='https://a.example?' + x)"),
    ("RequestUrl", "urlopen(Request('https://a.example/' + x))"),
    ("FileAccess", "open('/tmp/' + x.split('/')[-1])"),
    ("FileAccess", "open('/tmp/' + os.path.split(x)[1])"),
    ("FileAccess", "open('/tmp/' + os.path.split(x)[-1])"),
    ("FileAccess", "open('/tmp/' + x.rsplit('/', 1)[-1])"),
    ("FileAccess", "open(os.path.join('/tmp', os.path.basename(x)))"),
    ("FileAccess", "open(f'/tmp/{uuid.uuid4()}')"),
    ("FileAccess", "(Path('/tmp') / Path(x).name).read_text()"),
    ("FileAccess", "Path('/tmp', x.rpartition('/')[2]).write_text(x)"),
    ("FileAccess", "open('/tmp/' + Path(x).stem + Path(x).suffix)"),
    ("FileAccess", "open(f'/tmp/{uuid.uuid4().hex}')"),
    ("FileAccess", "open(f'/tmp/{uuid.uuid1().int}')"),
    ("FileAccess", "open(file=os.path.join(tempfile.gettempdir(), 'fixed'))"),
    ("FileAccess", "open('/tmp/' + x.rpartition('/')[-1])"),
    ("FileRemoval", "os.rename('/tmp/a', '/tmp/' + os.path.basename(x))"),
    ("FileRemoval", "os.remove(path='/tmp/' + os.path.basename(x))"),
    ("ArchiveExtraction", "archive.extractall(x, filter='tar')"),
    ("ArchiveExtraction", "archive.extractall(x, filter=tarfile.tar_filter)"),
    ("RequestUrl", "requests.request(x, 'https://a.example/' + x)"),
    ("RequestUrl", "requests.request(method=x, url='https://a.example/' + x)"),
    ("RequestUrl", "httpx.stream('GET', 'https://a.example/' + x)"),
    ("RequestUrl", "requests.get(url='HTTPS://a.example:8443/' + x)"),
    ("CodeEvaluation", "importlib.import_module('plugins.' + x)"),
    ("CodeEvaluation", "importlib.import_module('..views' + x, __name__)"),
    ("Deserialisation", "yaml.load(x, Loader=yaml.cyaml.CBaseLoader)"),
]
HARMFUL = [
    ("MailMessage", "server.sendmail('a', [x], '\\r\\n\\r\\n' + x)"),
    ("MailMessage", "server.sendmail('a', ['b', x], '\\n\\n' + x)"),
    ("MailMessage", "server.sendmail('a', ['b'], 'Subject: ' + x + '\\r\\n\\r\\ntext')"),
    ("MailMessage", "server.sendmail('a', ['b'], x)"),
    ("MailMessage", "server.sendmail('a', [], '\\n\\n' + x)"),
    ("MailMessage", "server.send_message(x)"),
    ("MailMessage", "ses.send_email(Destination={'ToAddresses': ['b'], 'CcAddresses': [x]}, Message={'Body': x})"),
    ("MailMessage", "ses.send_email(Destination=x, Message={'Body': x})"),
    ("MailMessage", "ses.send_email(Destination={'ToAddresses': ['b']}, Content={'Raw': {'Data': x}})"),
    ("MailMessage", "ses.send_email(Destination={'ToAddresses': ['b']}, Content=x)"),
    ("MailMessage", "ses.send_raw_email(Destinations=['b'], RawMessage={'Data': x})"),
    ("ShellCommand", "os.system(x)"),
    ("ShellCommand", "subprocess.run(x, shell=True)"),
    ("ShellCommand", "subprocess.run(x, shell=flag)"),
    ("ShellCommand", "subprocess.run(x, **options)"),
    ("ShellCommand", "subprocess.run([x, 'a'], shell=True)"),
    ("ProgramName", "subprocess.run([x])"),
    ("ProgramName", "subprocess.run(x)"),
    ("ProgramName", "subprocess.run(shlex.split(x))"),
    ("ShellScript", "subprocess.run(['/bin/sh', '-ec', x])"),
    ("Deserialisation", "yaml.load(x)"),
    ("Deserialisation", "yaml.load(x, Loader=chosen)"),
    ("Deserialisation", "pickle.loads(x)"),
    ("ArchiveExtraction", "archive.extractall(x)"),
    ("ArchiveExtraction", "archive.extractall(x, filter='fully_trusted')"),
    ("RequestUrl", "requests.get(x)"),
    ("RequestUrl", "requests.get('https://' + x + '/a')"),
    ("RequestUrl", "requests.get('https://a.example' + x)"),
    ("RequestUrl", "requests.get(os.environ['BASE'] + x)"),
    ("RequestUrl", "requests.request('GET', x)"),
    ("RequestUrl", "HTTPSConnection(x)"),
    ("FileAccess", "open('/tmp/' + x)"),
    ("FileAccess", "open('/tmp/' + x.split('/')[0])"),
    ("FileAccess", "open('/tmp/' + os.path.split(x)[0])"),
    ("FileAccess", "open('/tmp/' + os.path.splitext(x)[1])"),
    ("FileAccess", "open('/tmp/' + x.split('/', 1)[-1])"),
    ("FileAccess", "open('/tmp/' + x.rpartition('/')[0])"),
    ("FileAccess", "open(file='/tmp/' + x)"),
    ("FileAccess", "Path(x).read_text()"),
    ("FileAccess", "Path(x).open('w')"),
    ("FileRemoval", "os.rename('/tmp/a', x)"),
    ("FileRemoval", "shutil.move(x, '/tmp/a')"),
    ("SqlStatement", "cursor.execute(x)"),
    ("FileAccess", "open('/tmp/' + Path(x).parent.name + x)"),
    ("FileAccess", "open(f'/tmp/{uuid.uuid4().hex}{x}')"),
    ("FileAccess", "open('/tmp/' + thing.hex)"),
    ("FileAccess", "open('/tmp/' + x.rsplit('=', 1)[-1])"),
    ("FileRemoval", "os.remove(path='/tmp/' + x)"),
    ("FileRemoval", "shutil.copyfile('/tmp/a', dst='/tmp/' + x)"),
    ("ArchiveExtraction", "archive.extractall(x, filter=tarfile.fully_trusted_filter)"),
    ("RequestUrl", "requests.request(method='GET', url=x)"),
    ("RequestUrl", "requests.request('GET', 'https://' + x)"),
    ("RequestUrl", "httpx.stream('GET', x)"),
    ("RequestUrl", "requests.get('https://a.example\\\\' + x)"),
    ("CodeEvaluation", "importlib.import_module('plugins' + x)"),
    ("CodeEvaluation", "importlib.import_module(x)"),
    ("CodeEvaluation", "importlib.import_module('.' + x, __name__)"),
    ("CodeEvaluation", "eval('plugins.' + x)"),
    ("Deserialisation", "yaml.load(x, Loader=yaml.UnsafeLoader)"),
    ("Deserialisation", "other.load(x, SafeLoader)"),
]


IMPORTS = """import httpx, importlib, os, pathlib, shlex, shutil, subprocess
import tarfile, tempfile, urllib.request, uuid, requests, yaml
from pathlib import Path
from urllib.request import Request, urlopen
from yaml import CSafeLoader
from http.client import HTTPSConnection
from werkzeug.utils import secure_filename
"""


def said(kind: str, module: str) -> str | None:
    """What is said against the last call of `module` that is an expression of its own."""
    parsed = parse_text("h.py", IMPORTS + module)
    assert isinstance(parsed, Module)
    nodes = ast.walk(parsed.tree)
    calls = [node.value for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    why = harmless(RULE[kind], calls[-1], Reading(calls[-1], parsed))
    assert why is None or (why.span is not None and why.span.file == "h.py")
    return why.text if why else None


@pytest.mark.parametrize(("kind", "call"), HARMLESS)
def test_harmless(kind: str, call: str) -> None:
    assert said(kind, call)


@pytest.mark.parametrize(("kind", "call"), HARMFUL)
def test_harmful(kind: str, call: str) -> None:
    assert said(kind, call) is None


def test_a_name_stands_for_its_only_value() -> None:
    assert said("ProgramName", "def f(x):\n    words = ['ls', x]\n    subprocess.run(words)")
    assert said("RequestUrl", "BASE = os.environ['B']\ndef f(x):\n    url = f'{BASE}/{x}'\n    requests.get(url)")


def test_a_name_with_two_values_stands_for_none() -> None:
    assert said("ProgramName", "def f(x):\n    words = ['ls', x]\n    words = [x]\n    subprocess.run(words)") is None


def test_a_parameter_hides_a_name_of_the_module() -> None:
    assert said("RequestUrl", "base = 'https://a.example/'\ndef f(base):\n    requests.get(base)") is None


def test_a_parameter_or_attribute_called_run_may_be_any_function() -> None:
    assert said("ShellCommand", "def f(x, run=os.system):\n    run(x)") is None
    assert said("ShellCommand", "def f(x):\n    self.run(x)") is None
    assert said("ShellCommand", "from subprocess import run as execute\ndef f(x):\n    execute(x)")


@pytest.mark.parametrize(
    ("case", "refused"),
    [
        ("'start' | 'stop' as word", True),
        ("{'a': 'start' as word}", True),
        ("str() as word", False),
        ("'start' | word", False),
        ("word", False),
        ("'start' | 'stop' as word if (word := x)", False),
    ],
)
def test_what_a_pattern_of_literals_captures_is_no_data(case: str, refused: bool) -> None:
    code = f"def f(x):\n    match x:\n        case {case}:\n            os.system('h ' + word)"
    assert (said("ShellCommand", code) is not None) is refused
    assert said("ShellCommand", code.replace("word)", "word + x)")) is None


@pytest.mark.parametrize(
    ("base", "argument", "refused"),
    [
        ("enum.Enum", "Tool(x).value", True),
        ("enum.Enum", "'h ' + Tool(x).name", True),
        ("enum.Enum", "Tool(x).value + x", False),
        ("enum.Enum", "Tool(x).other", False),
        ("object", "Tool(x).value", False),
    ],
)
def test_a_member_of_an_enumeration_is_no_data(base: str, argument: str, refused: bool) -> None:
    code = f"import enum\nclass Tool({base}):\n    LIST = 'ls'\n    DATE = 'date'\ndef f(x):\n    os.system({argument})"
    assert (said("ShellCommand", code) is not None) is refused


WHOLE = "def f(x):\n    {}\n    {}"

#: What a name stands for is decided by all that binds it or changes what it holds.
CHANGED = [
    "words = ['ls']; words[0] = x",
    "words = ['ls']; words.insert(0, x)",
    "words = ['ls']; words[:] = [x]",
    "words = ['ls']; words.reverse()",
    "words = ['ls']; fill(words)",
    "words = ['ls']; other = words; other[0] = x",
    "words = ['ls']; words, rest = x",
    "words = ['ls'] if x else [x]",
    "words = [x] + ['ls']",
    "words = ['env', x]",
    "words = ['/usr/bin/sudo', x]",
]


@pytest.mark.parametrize("before", CHANGED)
def test_a_list_that_may_begin_with_the_data_is_not_fixed(before: str) -> None:
    assert said("ProgramName", WHOLE.format(before, "subprocess.run(words)")) is None


@pytest.mark.parametrize(
    "before",
    [
        "words = ['ls']; words.append(x)",
        "words = ['ls']; words += [x]",
        "words = ['ls']; words.extend(x)",
        "words = ['ls', '-l']; words[1] = x",
        "words = ['ls', x]; print(words); logger.info(words); assert words",
        "words = ['ls', x]; same = words.copy(); count = len(words)",
    ],
)
def test_a_list_keeps_its_first_element_where_others_are_added(before: str) -> None:
    assert said("ProgramName", WHOLE.format(before, "subprocess.run(words)"))


@pytest.mark.parametrize(
    "before",
    [
        "words = ['sh', '-c']; words.append(x)",
        "words = ['sh']; words += ['-c', x]",
        "words = ['sh', '-c', 'ls']; words[2] = x",
        "words = ['sh', *options, x]",
    ],
)
def test_a_script_may_be_added_to_the_words_of_a_shell(before: str) -> None:
    assert said("ShellScript", WHOLE.format(before, "subprocess.run(words)")) is None


def test_words_that_another_function_made_may_start_a_shell() -> None:
    assert said("ShellScript", "def f(words):\n    subprocess.run(words)") is None


def test_a_list_of_the_module_that_a_function_changes_is_not_fixed() -> None:
    module = "WORDS = ['ls']\ndef g(x):\n    {}\ndef f(x):\n    subprocess.run(WORDS)"
    assert said("ProgramName", module.format("pass"))
    assert said("ProgramName", module.format("WORDS[0] = x")) is None
    assert said("ProgramName", module.format("global WORDS; WORDS = [x]")) is None


@pytest.mark.parametrize(
    "bound",
    [
        "match x:\n        case {'url': url}: pass",
        "for url in x: pass",
        "with x as url: pass",
        "url: str = x",
        "(url := x)",
        "url += x",
        "[url] = x",
    ],
)
def test_every_form_of_binding_counts(bound: str) -> None:
    code = "def f(x):\n    url = 'https://a.example/'\n    {}\n    requests.get(url)"
    assert said("RequestUrl", code.format("pass"))
    assert said("RequestUrl", code.format(bound)) is None


@pytest.mark.parametrize(
    ("own", "part"),
    [
        ("def secure_filename(x): return x.strip()", "secure_filename(x)"),
        ("def basename(x): return x", "basename(x)"),
        ("def int(x): return x", "int(x)"),
        ("from mine import basename", "basename(x)"),
        ("from .names import basename", "basename(x)"),
        ("import mine as os", "os.path.basename(x)"),
        ("class Path(str): name = 'a'", "Path(x).name"),
        ("", "self.int(x)"),
        ("", "helper.basename(x)"),
        ("basename = os.path.basename\nbasename = str", "basename(x)"),
    ],
)
def test_functions_of_the_application_are_its_own(own: str, part: str) -> None:
    assert said("FileAccess", f"{own}\ndef f(self, x, helper):\n    open('/tmp/' + {part})") is None


@pytest.mark.parametrize(
    ("imported", "part"),
    [
        ("from os.path import basename", "basename(x)"),
        ("from os.path import basename as last", "last(x)"),
        ("import os.path as paths", "paths.basename(x)"),
        ("import werkzeug", "werkzeug.utils.secure_filename(x)"),
        ("last = os.path.basename", "last(x)"),
        ("", "int(x)"),
        ("", "os.path.split(x)[1]"),
    ],
)
def test_names_of_libraries_are_resolved(imported: str, part: str) -> None:
    assert said("FileAccess", f"{imported}\ndef f(x):\n    open('/tmp/' + {part})")


def test_a_module_of_the_application_comes_before_a_library() -> None:
    parsed = parse_text("h.py", "from werkzeug.utils import secure_filename\nopen('/tmp/' + secure_filename(x))")
    assert isinstance(parsed, Module)
    (call,) = (node.value for node in parsed.tree.body if isinstance(node, ast.Expr))
    assert isinstance(call, ast.Call)
    assert harmless(RULE["FileAccess"], call, Reading(call, parsed))
    other = parse_text("werkzeug/utils.py", "def secure_filename(name): return name")
    assert isinstance(other, Module)
    own = replace(other, names=("werkzeug.utils",))
    assert harmless(RULE["FileAccess"], call, Reading(call, parsed, Meanings({own.file: own}))) is None


@pytest.mark.parametrize(
    "part",
    [
        "x.split('=')[1]",
        "x.split(',')[-1]",
        "x.rpartition('=')[2]",
        "x.split('/')[1]",
        "x.split('/', 1)[-1]",
        "x.split('/', maxsplit=1)[-1]",
        "x.split(x)[-1]",
        "x.split()[-1]",
        "x.partition('/')[2]",
        "os.path.split(x)[0]",
        "tempfile.mkdtemp(x)",
        "Path(x).parent",
    ],
)
def test_only_the_part_after_the_last_slash_has_no_folder(part: str) -> None:
    assert said("FileAccess", f"open('/tmp/' + {part})") is None


@pytest.mark.parametrize("part", ["x.rsplit('/', 1)[-1]", "x.split(sep='/')[-1]", "x.rpartition('/')[-1]"])
def test_the_part_after_the_last_slash(part: str) -> None:
    assert said("FileAccess", f"open('/tmp/' + {part})")


@pytest.mark.parametrize(
    "url",
    [
        "'{1}{0}'.format('https://a.example/', x)",
        "'{b}{a}'.format(a='https://a.example/', b=x)",
        "'%(b)s%(a)s' % {'a': 'https://a.example/', 'b': x}",
        "'https://a.example%s' % x",
        "'https://user@{}/a'.format(x)",
        "'https://a.example\\\\@' + x",
    ],
)
def test_the_host_is_what_the_string_becomes(url: str) -> None:
    assert said("RequestUrl", f"requests.get({url})") is None


@pytest.mark.parametrize(
    "url",
    [
        "'{1}{0}'.format(x, 'https://a.example/')",
        "'{a}{b}'.format(a='https://a.example/', b=x)",
        "'%(a)s%(b)s' % {'a': 'https://a.example/', 'b': x}",
        "'https://a.example/%d%%%s' % (1, x)",
    ],
)
def test_the_parts_of_formats_are_told_apart(url: str) -> None:
    assert said("RequestUrl", f"requests.get({url})")


def test_a_template_may_have_a_name() -> None:
    assert said("RequestUrl", "URL = 'https://a.example/{}'\ndef f(x):\n    requests.get(URL.format(x))")
    assert said("RequestUrl", "URL = 'https://{}/a'\ndef f(x):\n    requests.get(URL.format(x))") is None


def test_an_address_that_does_not_come_from_the_data() -> None:
    fixed = "req = Request(os.environ['URL'], data=x)\nurlopen(req)"
    assert said("RequestUrl", fixed)
    assert said("RequestUrl", "req = Request(x, data=b'')\nurlopen(req)") is None
    assert said("RequestUrl", f"class Request: pass\n{fixed}") is None


def held(function: str, *variables: str) -> str | None:
    """What is said against the last call of a function in which these variables hold the data."""
    parsed = parse_text("h.py", IMPORTS + function)
    assert isinstance(parsed, Module)
    (definition,) = (node for node in parsed.tree.body if isinstance(node, ast.FunctionDef))
    call = [node for node in ast.walk(definition) if isinstance(node, ast.Expr)][-1].value
    assert isinstance(call, ast.Call)
    reading = Reading(call, parsed, None, Held(definition, frozenset(variables)))
    why = harmless(RULE["RequestUrl"], call, reading)
    return why.text if why else None


def test_a_part_that_is_not_the_datas_does_not_choose_the_host() -> None:
    code = "def f(region, x):\n    requests.get(f'https://a.{region}.example/{x}')"
    assert held(code, "x") == "the host is fixed"
    assert held(code, "region") is None
    assert held(code, "elsewhere") is None  # how the data comes here is not seen
    assert held("def f(base, x):\n    url = base + '/' + x\n    requests.get(url)", "x") == "the host is fixed"
    assert held("def f(base, x):\n    url = base + x\n    requests.get(url)", "x") is None
    assert held("def f(base, x):\n    base = x['a'] or base\n    requests.get(base + '/' + x)", "x") is None


MONGO = "def f(event, x):\n    body = x\n    users.find_one({})"


@pytest.mark.parametrize(
    "given",
    [
        '{"a": str(x)}',
        '{"a": f"{x}"}',
        '{"a": x.lower()}',
        '{"a": {"$gt": int(x)}}',
        '{"$or": [{"a": "b"}, {"a": "p" + x}]}',
        '{"a": event["pathParameters"]["id"]}',
        '{"a": event["queryStringParameters"].get("id")}',
        '{"a": {"$in": [str(x), "b"]}}',
    ],
)
def test_a_string_brings_no_operator_into_a_filter(given: str) -> None:
    assert said("MongoFilter", MONGO.format(given))


@pytest.mark.parametrize(
    "given",
    [
        "x",
        '{"a": x}',
        '{"a": x["b"]}',
        "{x: 1}",
        "{**x}",
        '{"$where": str(x)}',
        '{"a": {"$regex": str(x)}}',
        '{"a": body["pathParameters"]["id"]}',
        '{"a": event["body"]["id"]}',
        '{"a": x.get("lower")}',
    ],
)
def test_an_object_may_bring_an_operator_into_a_filter(given: str) -> None:
    assert said("MongoFilter", MONGO.format(given)) is None


def test_a_module_of_a_fixed_package_is_loaded() -> None:
    for name in ("'..views' + x, __name__", "f'plugins.{x}'", "'..v{}'.format('V' + x), __name__"):
        assert said("CodeEvaluation", f"import importlib\nimportlib.import_module({name})")
    for name in ("x", "'plugins' + x", "x + '.plugins'", "'.' + x, __name__"):
        assert said("CodeEvaluation", f"import importlib\nimportlib.import_module({name})") is None
    assert said("CodeEvaluation", "eval('plugins.' + x)") is None


def test_names_defined_by_each_other_end() -> None:
    assert said("RequestUrl", "def f():\n    a = b + '/'\n    b = a + '/'\n    requests.get(a)") is None


def test_a_reason_stands_where_what_it_speaks_of_is_written() -> None:
    """A list of words that another module has is shown there, not at the same place of the module with the call."""
    main = parse_text("h.py", "import subprocess\nfrom words import LIST\n\n\n\nsubprocess.run(LIST)")
    other = parse_text("words.py", "# a comment\n\nLIST = ['ls', '-l']\n")
    assert isinstance(main, Module)
    assert isinstance(other, Module)
    (call,) = (node.value for node in main.tree.body if isinstance(node, ast.Expr))
    assert isinstance(call, ast.Call)
    known = Meanings({"h.py": main, "words.py": replace(other, names=("words",))})
    why = harmless(RULE["ProgramName"], call, Reading(call, main, known))
    assert why is not None
    assert (why.text, why.span.file, why.span.line) == ("the data is an argument of a fixed program", "words.py", 3)


@pytest.mark.parametrize(
    ("kind", "call", "shown"),
    [
        ("ArchiveExtraction", "archive.extractall(x, filter='data')", "'data'"),
        ("Deserialisation", "yaml.load(x, Loader=yaml.SafeLoader)", "yaml.SafeLoader"),
        ("CodeEvaluation", "importlib.import_module('plugins.' + x)", "'plugins.' + x"),
        ("ProgramName", "subprocess.run(['ls', x])", "'ls'"),
        ("ShellScript", "subprocess.run(['python', '-c', x])", "'python'"),
        ("ShellScript", "subprocess.run(['sh', '-x', x])", "'-x'"),
        ("ShellScript", "subprocess.run(['sh'])", "subprocess.run(['sh'])"),
        ("ShellCommand", "subprocess.run(x)", "subprocess.run(x)"),
        ("FileAccess", "open('/tmp/' + os.path.basename(x))", "os.path.basename(x)"),
        ("RequestUrl", "requests.get('https://a.example/' + x)", "'https://a.example/'"),
        ("MongoFilter", "users.find_one({'a': str(x)})", "{'a': str(x)}"),
    ],
)
def test_a_reason_is_at_what_shows_it(kind: str, call: str, shown: str) -> None:
    parsed = parse_text("h.py", f"{IMPORTS}def f(x):\n    {call}\n")
    assert isinstance(parsed, Module)
    node = [one.value for one in ast.walk(parsed.tree) if isinstance(one, ast.Expr)][-1]
    assert isinstance(node, ast.Call)
    why = harmless(RULE[kind], node, Reading(node, parsed))
    assert why is not None
    assert why.span is not None
    assert why.span.text_in(parsed.text) == shown


def transfer(body: str, *, listed: bool = False) -> str | None:
    """What is said against a file's access by the last call of a function whose parameter `name` holds the data."""
    before = "import boto3\ns3 = boto3.client('s3')\nstore = boto3.resource('s3')\n"
    parsed = parse_text("h.py", f"{before}def f(name, target, options):\n    {body}")
    assert isinstance(parsed, Module)
    definition = parsed.tree.body[-1]
    assert isinstance(definition, ast.FunctionDef)
    call = [node for node in ast.walk(definition) if isinstance(node, ast.Expr)][-1].value
    assert isinstance(call, ast.Call)
    source = FlowSource(span_of(parsed, definition.args.args[0]), called=listed)
    reading = Reading(call, parsed, None, Held(definition, frozenset({"name"})), source)
    why = harmless(RULE["FileAccess"], call, reading)
    return why.text if why else None


@pytest.mark.parametrize(
    "body",
    [
        "s3.download_file('b', name, '/tmp/' + name)",
        "s3.download_file(Bucket='b', Key=name, Filename='/tmp/' + name)",
        "s3.download_file('b', name, '/tmp/' + name, {'VersionId': '1'})",
        "store.Bucket('b').download_file(name, '/tmp/' + name)",
        "store.Bucket('b').download_file(name, '/tmp/' + name, options)",
        "store.Object('b', name).download_file('/tmp/' + name)",
        "store.Object(bucket_name='b', key=name).download_file(Filename='/tmp/' + name)",
        "store.Bucket('b').Object(name).download_file('/tmp/' + name)",
        "thing = store.Object('b', name); thing.download_file('/tmp/' + name)",
        "store.meta.client.download_file('b', name, '/tmp/' + name)",
        "target.download_file(name, '/tmp/' + name)",
    ],
)
def test_a_copy_of_a_listed_object_may_have_its_name(body: str) -> None:
    assert transfer(body, listed=True) == "the object and its local copy have the same name"
    assert transfer(body) is None  # whoever chooses the path may overwrite any file


@pytest.mark.parametrize(
    "body",
    [
        "s3.download_file('b', 'fixed', '/tmp/' + name)",
        "s3.download_file(name, 'fixed', '/tmp/' + name)",
        "s3.download_file('b', 'fixed', '/tmp/' + name, {'VersionId': name})",
        "store.Bucket(name).download_file('fixed', '/tmp/' + name)",
        "store.Object(name, 'fixed').download_file('/tmp/' + name)",
        "store.Bucket(name).Object('fixed').download_file('/tmp/' + name)",
        "store.Object(bucket_name=name, key='fixed').download_file('/tmp/' + name)",
        "thing = store.Object('b', 'fixed'); thing.download_file('/tmp/' + name)",
        "target.download_file('/tmp/' + name)",
        "store.Object(*name).download_file('/tmp/' + name)",
    ],
)
def test_a_copy_of_another_name_may_be_any_file(body: str) -> None:
    assert transfer(body, listed=True) is None


@pytest.mark.parametrize(
    "body",
    [
        "s3.upload_file('/tmp/' + name, 'b', name)",
        "s3.upload_file(Filename='/tmp/' + name, Bucket='b', Key='a/' + name)",
        "store.Bucket('b').upload_file('/tmp/' + name, name)",
        "store.Object('b', name).upload_file('/tmp/' + name)",
        "thing = store.Object('b', name); thing.upload_file('/tmp/' + name, options)",
    ],
)
def test_a_file_that_is_stored_under_its_own_name_is_what_the_function_has(body: str) -> None:
    assert transfer(body) == "the object and its local copy have the same name"


@pytest.mark.parametrize(
    "body",
    [
        "s3.upload_file('/tmp/' + name, 'b', 'fixed')",
        "s3.upload_file('/tmp/' + name, name, 'fixed')",
        "store.Bucket(name).upload_file('/tmp/' + name, 'fixed')",
        "store.Object(name, 'fixed').upload_file('/tmp/' + name)",
        "thing = store.Object('b', 'fixed'); thing.upload_file('/tmp/' + name)",
    ],
)
def test_a_file_that_is_stored_under_another_name_may_be_any(body: str) -> None:
    assert transfer(body) is None


@pytest.mark.parametrize("body", ["s3.download_file('b', name, '/tmp/a')", "s3.upload_file('/tmp/a', 'b', name)"])
def test_a_local_path_that_is_written_out_is_no_choice_of_the_data(body: str) -> None:
    assert transfer(body) == "only the last part of the name is used"
