"""The one line on an edge: which of its reasons is worth it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.report.edges import edge_lines

TEMPLATE = """service: demo
provider:
  name: aws
  runtime: python3.12
  iam: {{role: {{statements: [{{Effect: Allow, Action: '*', Resource: '*'}}]}}}}
functions:
  send: {{handler: work.send, events: [{{httpApi: POST /x}}]}}
  take:
    handler: work.take
    events:
      - s3: {{bucket: {bucket}, event: 's3:ObjectCreated:*', rules: [{{prefix: in/}}]}}
"""
CODE = """import boto3
def send(event, context):
    boto3.client("s3").put_object(Bucket="{bucket}", Key=event["key"])
def take(event, context):
    pass
"""


@pytest.mark.parametrize("bucket", ["photos", "may-photos", "photos-unknown", "not-known.perhaps"])
def test_a_doubt_is_told_whatever_a_resource_is_called(tmp_path: Path, bucket: str) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE.format(bucket=bucket), encoding="utf-8")
    (tmp_path / "work.py").write_text(CODE.format(bucket=bucket), encoding="utf-8")
    (line,), _ = edge_lines(load_app(tmp_path).events)
    assert line.verdict == '(not certain: the key `{event["key"]}` may have the prefix `in/`)'
