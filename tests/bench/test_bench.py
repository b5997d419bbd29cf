"""`sls-lab bench`: cases are found, what is true of them is read, and figures are told in every form."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from sls_lab.bench import ABLATIONS, Case, Measured, NoCases, find_cases, measure, report
from sls_lab.bench.readme import expectation_of_readme
from sls_lab.cli import main
from sls_lab.cli.parser import ABLATIONS as OFFERED
from sls_lab.scoring import EdgeScore, Expectation, Score, UnusableExpectation, Wanted

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
CODE = "import os\ndef take(event, context):\n    os.system(event['body'])\n"
README = (
    "# Expected Results\n\n* Source: `event` (handler `take`)\n* Sink: `os.system(event['body'])` (handler `take`)\n"
)


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def test_cases_say_what_is_true_in_one_of_two_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "suite/one/README.md": README,
            "suite/one/h.py": CODE,
            "suite/two/expected.yml": "flows: []\n",
            "suite/three/README.md": "# Something else\n",
            "node_modules/four/expected.yml": "flows: []\n",
        },
    )
    cases, unusable = find_cases(tmp_path)
    assert [(case.name, case.told_by) for case in cases] == [("suite/one", "README.md"), ("suite/two", "expected.yml")]
    assert not unusable
    assert cases[0].expectation.flows == (Wanted("h.py", 3, source_handler="take"),)


def test_a_broken_case_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    write(tmp_path, {"a/expected.yml": "flows: 1\n", "b/expected.yml": "flows: []\n"})
    cases, unusable = find_cases(tmp_path)
    assert [case.name for case in cases] == ["b"]
    assert [problem.partition(" ")[0] for problem in unusable] == ["a/expected.yml"]


def test_a_folder_without_cases_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoCases):
        find_cases(tmp_path)
    assert main(["bench", str(tmp_path)]) == 2
    assert "has an expected.yml" in capsys.readouterr().err


def test_none_is_no_flow(tmp_path: Path) -> None:
    assert expectation_of_readme("# Expected Results\n* Source: None\n* Sink: None\n", tmp_path) == Expectation(
        (), (), ()
    )


@pytest.mark.parametrize(
    "text",
    [
        "# Expected Results\n",
        "# Expected Results\n* Source: `event`\n* Sink: `os.popen(x)`\n",
        "# Expected Results\n* Source: `event`\n* Sink: somewhere\n",
    ],
)
def test_a_readme_that_names_no_place_is_unusable(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"h.py": CODE})
    with pytest.raises(UnusableExpectation):
        expectation_of_readme(text, tmp_path)


def test_a_sink_that_is_written_twice_is_unusable(tmp_path: Path) -> None:
    write(tmp_path, {"h.py": CODE, "again.py": CODE})
    with pytest.raises(UnusableExpectation):
        expectation_of_readme(README, tmp_path)


def measured(name: str, score: Score, edges: EdgeScore | None = None, problem: str = "") -> Measured:
    case = Case(name, Path(name), Expectation((), (), ()), "expected.yml")
    without = {} if problem else {one: Score(score.true, score.false + 1, score.missed, 0) for one in ABLATIONS}
    return Measured(case, score, edges, 0.25, without, problem)


MEASURED = (
    measured("good", Score(2, 0, 0, 1), EdgeScore(3, 0, 0)),
    measured("a|b <c>", Score(1, 1, 1, 0), EdgeScore(1, 1, 0)),
    measured("unread", Score(0, 0, 1, 0, analysed=False), None, "unread holds no template"),
)


def test_the_sentence_counts_applications_and_flows() -> None:
    assert report.sentence(MEASURED) == (
        "1 of 3 applications are right: 3 of 5 flows found, 1 reported falsely, 1 dangerous places rightly silent."
    )


def test_text_and_markdown_tell_the_same_figures() -> None:
    text, markdown = report.as_text(MEASURED, columns=120), report.as_markdown(MEASURED)
    assert "✓ good" in text and "unread holds no template" in text
    assert "| ✓ good | 2 | 0 | 0 | 1 | 3 | 0.25 |" in markdown
    assert "a\\|b" in markdown
    for name in ABLATIONS:
        assert f"without {name}" in text and f"| without {name} | 3 |" in markdown
    assert "prototype" in text and "205 flows" in markdown


def test_json_has_all_of_it() -> None:
    data = json.loads(report.as_json(MEASURED))
    assert data["schema"] == "sls-lab/bench/1"
    assert [one["right"] for one in data["applications"]] == [True, False, False]
    assert data["total"]["true"] == 3 and set(data["without"]) == set(ABLATIONS)
    assert [one["true"] for one in data["published"]] == [7, 37]


def test_the_picture_is_well_formed_and_has_a_bar_for_each_figure() -> None:
    root = ElementTree.fromstring(report.as_svg(MEASURED))
    bars = root.findall("{http://www.w3.org/2000/svg}rect")
    assert len(bars) == 2 * (1 + len(ABLATIONS))
    assert max(float(bar.attrib["width"]) for bar in bars) == 360


def test_the_command_line_offers_what_there_is() -> None:
    assert OFFERED == ABLATIONS
    assert main(["bench", str(APPS), "--ablate", "luck"]) == 2


@pytest.mark.live
def test_two_applications_measured(tmp_path: Path) -> None:
    cases = [case for case in find_cases(APPS)[0] if case.name in ("report-file", "safe-wrong-prefix")]
    whole = measure(cases, ("filters", "rewriting"))
    assert all(map(report.is_right, whole))
    assert [one.without["rewriting"].true for one in whole] == [0, 0]
    assert sum(one.without["filters"].false for one in whole) > 0
