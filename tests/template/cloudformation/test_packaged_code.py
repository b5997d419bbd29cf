"""Which file of the application an archive was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.template import read_template

_KEPT = ("one/resize/main.py", "two/crop/main.py", "two/crop-tests/main.py", "lib/only.py", "lib/deep/only_one.py")
_BUILT = ("build/built.py", "node_modules/x/built.py", ".aws-sam/lib/built.py")


def written(tmp_path: Path, handler: str, code: str, name: str = "Work") -> Path:
    for file in (*_KEPT, *_BUILT):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("def go(event, context): pass\n", encoding="utf-8")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "template.yaml").write_text(
        "Resources:\n"
        f"  {name}:\n"
        "    Type: AWS::Lambda::Function\n"
        f"    Properties: {{Runtime: python3.12, Handler: {handler}, Code: {code}}}\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("handler", "code", "file", "root"),
    [
        ("only.go", "{S3Bucket: b, S3Key: x.zip}", "lib/only.py", "lib"),
        ("only.go", "s3://b/x.zip", "lib/only.py", "lib"),
        ("deep.only_one.go", "{S3Bucket: b, S3Key: x.zip}", "lib/deep/only_one.py", "lib"),
        ("deep/only_one.go", "{S3Bucket: b, S3Key: !Sub '${P}/x.zip'}", "lib/deep/only_one.py", "lib"),
        ("only.go", "../dist/only.zip", "lib/only.py", "lib"),
        ("main.go", "{S3Bucket: b, S3Key: resize.zip}", "one/resize/main.py", "one/resize"),
        ("main.go", "{S3Bucket: b, S3Key: two/crop/code.zip}", "two/crop/main.py", "two/crop"),
        ("main.go", "{S3Bucket: b, S3Key: !Sub '${P}/CROP-TESTS.zip'}", "two/crop-tests/main.py", "two/crop-tests"),
    ],
)
def test_the_source_of_an_archive_is_found(tmp_path: Path, handler: str, code: str, file: str, root: str) -> None:
    template = read_template(written(tmp_path, handler, code))
    (function,) = template.functions
    assert (function.file, function.attribute, function.code_root) == (file, "go", root)
    (told,) = [one for one in template.diagnostics if one.code == "archive-source"]
    assert file in told.message


def test_the_function_s_name_says_which_folder_is_meant(tmp_path: Path) -> None:
    (function,) = read_template(written(tmp_path, "main.go", "{S3Bucket: b, S3Key: x.zip}", "CropTests")).functions
    assert function.file == "two/crop-tests/main.py"


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        ("main.go", "{S3Bucket: b, S3Key: x.zip}"),  # which of three?
        ("main.go", "{S3Bucket: b, S3Key: two/x.zip}"),  # which of two?
        ("built.go", "{S3Bucket: b, S3Key: x.zip}"),  # what a build left there
        ("nothing.go", "{S3Bucket: b, S3Key: x.zip}"),
        ("only.go", "../src"),  # a folder without it
        ("lib.deep.only.go", "{S3Bucket: b, S3Key: x.zip}"),
    ],
)
def test_what_may_be_several_files_or_none_is_told(tmp_path: Path, handler: str, code: str) -> None:
    template = read_template(written(tmp_path, handler, code))
    assert [function.file for function in template.functions] == [None]
    assert [one.code for one in template.diagnostics if one.level == "error"] == ["handler-file-missing"]
