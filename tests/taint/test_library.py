"""Of a library, what code can come to is taken, with the types that it has in the whole library."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from sls_lab.taint.run.pysa import MODELS, PLATFORM, PYTHON, TYPESHED
from sls_lab.taint.staging import stub_files
from sls_lab.taint.staging.library import StubLibrary, statements
from sls_lab.taint.staging.stub_files import write_stubs
from sls_lab.taint.staging.typeshed import always_needed, made_for, other_packages, standard_library, taken_by
from tools.generated import TYPESHED as TABLES

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    "builtins": "class object: ...\nclass str:\n    def upper(self) -> str: ...\n    def lower(self) -> str: ...\n",
    "typing": "Any = object()\nProtocol: object\nNamedTuple: object\n",
    "shop": "from shop.orders import Order as Order\nfrom shop.orders import last as last\n"
    "from typing import Any\n__all__ = ['Order', 'last']\n",
    "shop.orders": "import shop.money\nimport shop.rare as rare\nfrom typing import NamedTuple\n"
    "class Base:\n    def total(self) -> shop.money.Sum: ...\n    def __len__(self) -> int: ...\n"
    "class Order(Base):\n    class Line:\n        text: str\n    _Lines = list[Line]\n"
    "    def lines(self) -> _Lines: ...\n    def weight(self) -> rare.Scale: ...\n    def close(self) -> None: ...\n"
    "    @property\n    def name(self) -> str: ...\n    @name.setter\n    def name(self, value: str) -> None: ...\n"
    "@overload\ndef last() -> Order: ...\n@overload\ndef last(count: int) -> Pair: ...\n"
    "class Pair(NamedTuple):\n    first: Order\n    second: Order\n",
    "shop.money": "class Sum:\n    cents: int\n    def split(self) -> Sum: ...\n"
    "def __getattr__(name: str) -> Any: ...\n",
    "shop.rare": "class Scale:\n    grams: int\n",
}


def chosen(words: str, members: str = "") -> dict[str, str]:
    """What is taken of the small library for code with these words."""
    return StubLibrary(TEXTS, set(words.split()), set(members.split())).chosen()


def test_what_no_word_names_is_left_out() -> None:
    taken = chosen("shop Order lines")
    assert "def lines" in taken["shop.orders"]
    assert "def weight" not in taken["shop.orders"]
    assert "def last" not in taken["shop.orders"]
    assert "shop.rare" not in taken


def test_what_is_taken_brings_what_its_text_mentions() -> None:
    taken = chosen("shop Order total lines")
    assert "class Base:" in taken["shop.orders"], "the class that Order extends"
    assert "import shop.money\n" in taken["shop.orders"]
    assert taken["shop.money"].startswith("class Sum: ...\n"), "the result of total, of which no member is named"
    assert "    class Line: ...\n" not in taken["shop.orders"]
    assert "    class Line:\n        text: str\n    _Lines = list[Line]\n" in taken["shop.orders"]
    assert "from shop.orders import Order as Order\n" in taken["shop"]


def test_what_python_asks_for_by_itself_stays() -> None:
    taken = chosen("shop orders Base total")
    assert "def __len__" in taken["shop.orders"]
    assert "def __getattr__" in taken["shop.money"]


def test_what_a_protocol_asks_for_stays_in_every_class() -> None:
    assert "def close" not in chosen("shop Order")["shop.orders"]
    assert "def close" in chosen("shop Order", "close")["shop.orders"]


def test_definitions_of_one_name_stay_together() -> None:
    taken = chosen("shop last Order name")["shop.orders"]
    assert taken.count("def last(") == 2
    assert "    @property\n    def name(self) -> str: ...\n    @name.setter\n" in taken


def test_fields_that_are_known_by_their_order_all_count() -> None:
    assert "    first: Order\n    second: Order\n" in chosen("shop last")["shop.orders"]


def test_what_star_gives_is_what_is_left_of_it() -> None:
    assert chosen("shop Order")["shop"].endswith("__all__ = ['Order']\n")


def test_builtins_are_named_without_an_import() -> None:
    assert "def lower" in chosen("str lower")["builtins"]
    assert "def upper" not in chosen("str lower")["builtins"]


def test_a_name_of_a_module_that_is_not_named_can_be_asked_for() -> None:
    library = StubLibrary(TEXTS, {"grams"})
    assert "shop.rare" not in library.chosen()
    library.take("shop.orders", "rare.Scale")
    library.take("shop.money", "*")
    assert library.chosen()["shop.rare"] == "class Scale:\n    grams: int\n"
    assert "class Sum: ...\n" in library.chosen()["shop.money"]
    assert library.chosen()["shop"] == "__all__ = []\n", "the package around them"


def test_what_is_not_in_the_library_is_left_to_others() -> None:
    library = StubLibrary(TEXTS, {"json"})
    library.take("json", "dumps")
    library.take("json", "*")
    assert "json" not in library.chosen()


def test_a_text_in_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="plain form: if x:"):
        list(statements(["if x:", "    y: int"]))


@pytest.mark.parametrize("module", ["os", "typing", "builtins", "subprocess"])
def test_every_statement_of_the_standard_library_is_read(module: str) -> None:
    text = standard_library()[module][1]
    assert [line for one in statements(text.splitlines()) for line in one.lines] == text.splitlines()


def test_all_stubs_are_in_the_plain_form() -> None:
    for _, text in standard_library().values():
        assert all(one.name for one in statements(text.splitlines()))


def test_the_tables_are_of_the_pinned_pyrefly_and_of_the_version_that_runs_read_code_for() -> None:
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert any(pin.startswith(f"pyrefly=={made_for()};") for pin in pins)
    for file in TABLES.glob("*.json"):
        head = file.read_text(encoding="utf-8").partition("\n")[0]
        assert f"pyrefly {made_for()}, for Python {'.'.join(map(str, PYTHON))} on {PLATFORM}" in head


def test_what_pyrefly_and_other_packages_ask_for_is_there() -> None:
    texts = {name: text for name, (_, text) in standard_library().items()}
    for module, name in (*always_needed(), *taken_by(["requests", "docker"])):
        assert not name or module in texts
        assert name in ("", "*") or re.search(rf"\b{name.partition('.')[0]}\b", texts[module]), f"{module}.{name}"
    assert "requests" in other_packages()["docker"].packages


@pytest.fixture
def made_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Pyrefly that the kit's types are made for, also where there is another one, or there is none."""
    monkeypatch.setattr(stub_files, "versions", lambda: {"pyrefly": made_for()})


@pytest.mark.usefixtures("made_for_it")
@pytest.mark.parametrize(
    ("code", "there", "missing"),
    [
        ("import os\nos.getcwd()", {"os": "def getcwd"}, {"os": "def chdir"}),
        ("from os import gｅtcwd", {"os": "def getcwd"}, {}),
        ("import tarfile", {"tarfile": ""}, {"tarfile": "class"}),
        ("import importlib\nimportlib.import_module('csv').reader", {"csv": "reader"}, {"csv": "DictReader"}),
        ("import docker", {"docker": None, "requests": None, "tarfile": "_Fileobj"}, {}),
    ],
)
def test_a_run_is_given_what_its_code_names(
    tmp_path: Path, code: str, there: dict[str, str | None], missing: dict[str, str]
) -> None:
    (tmp_path / MODELS).mkdir()
    (tmp_path / "code.py").write_text(code, encoding="utf-8")
    write_stubs(tmp_path, set())
    texts = {file.stem: file.read_text(encoding="utf-8") for file in (tmp_path / TYPESHED / "stdlib").rglob("*.pyi")}
    texts["os"] = (tmp_path / TYPESHED / "stdlib" / "os" / "__init__.pyi").read_text(encoding="utf-8")
    for name, text in there.items():
        assert text is None or text in texts[name]
    for name, text in missing.items():
        assert text not in texts.get(name, "")


@pytest.mark.usefixtures("made_for_it")
def test_a_model_names_what_it_is_about(tmp_path: Path) -> None:
    (tmp_path / MODELS).mkdir()
    (tmp_path / MODELS / "own.pysa").write_text("def shutil.which(cmd: TaintSink[FileAccess]): ...\n", encoding="utf-8")
    write_stubs(tmp_path, set())
    assert "def which" in (tmp_path / TYPESHED / "stdlib" / "shutil.pyi").read_text(encoding="utf-8")


def test_another_pyrefly_reads_its_own_typeshed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stub_files, "versions", lambda: {"pyrefly": "0.1"})
    (tmp_path / MODELS).mkdir()
    (tmp_path / "code.py").write_text("import boto3\nboto3.client('s3')", encoding="utf-8")
    write_stubs(tmp_path, {"s3"})
    assert not (tmp_path / TYPESHED).exists()
    assert (tmp_path / "stubs" / "boto3" / "__init__.pyi").is_file()
