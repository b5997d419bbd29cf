"""Calls that the text alone settles."""

from __future__ import annotations

import ast

import pytest

from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.taint.judge.checks import harmless
from sls_lab.taint.rules import RULES

RULE = {rule.name: rule for rule in RULES}

HARMLESS = [
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
    ("FileAccess", "open(os.path.join('/tmp', os.path.basename(x)))"),
    ("FileAccess", "open(f'/tmp/{uuid.uuid4()}')"),
    ("FileAccess", "(Path('/tmp') / Path(x).name).read_text()"),
    ("FileAccess", "Path('/tmp', x.rpartition('/')[2]).write_text(x)"),
    ("FileRemoval", "os.rename('/tmp/a', '/tmp/' + os.path.basename(x))"),
]
HARMFUL = [
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
    ("FileAccess", "open(file='/tmp/' + x)"),
    ("FileAccess", "Path(x).read_text()"),
    ("FileAccess", "Path(x).open('w')"),
    ("FileRemoval", "os.rename('/tmp/a', x)"),
    ("FileRemoval", "shutil.move(x, '/tmp/a')"),
    ("SqlStatement", "cursor.execute(x)"),
]


def said(kind: str, module: str) -> str | None:
    """What is said against the last call of `module` that is an expression of its own."""
    parsed = parse_text("h.py", module)
    assert isinstance(parsed, Module)
    nodes = ast.walk(parsed.tree)
    calls = [node.value for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    why = harmless(RULE[kind], calls[-1], parsed)
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


def test_names_defined_by_each_other_end() -> None:
    assert said("RequestUrl", "def f():\n    a = b + '/'\n    b = a + '/'\n    requests.get(a)") is None
