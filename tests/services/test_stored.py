"""What boto3 calls leave in stores and find there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.facts import Pattern, Verdict
from sls_lab.services.stored import found_by, left_by
from sls_lab.services.stores import StoredEntry

TEMPLATE = """service: s
provider: {name: aws, runtime: python3.12, region: eu-west-1}
functions:
  a: {handler: a.handler, events: [{httpApi: POST /a}]}
"""
HEAD = """import boto3
table = boto3.resource("dynamodb").Table("notes")
db, s3, ssm = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("ssm")
secrets, sqs = boto3.client("secretsmanager"), boto3.client("sqs")
def handler(event, context):
    x = event["x"]
"""
DESCRIBED = [
    f"bucket b k {name} -> ('{name}',)"
    for name in (
        *("Metadata", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType"),
        "WebsiteRedirectLocation",
    )
]
URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"


def told(folder: Path, statement: str) -> list[str]:
    (folder / "serverless.yml").write_text(TEMPLATE)
    (folder / "a.py").write_text(f"{HEAD}    {statement}\n")
    found = []
    for call in load_app(folder).code.calls:
        for left in left_by(call):
            names = " ".join(map(str, left.entry.resources + left.entry.keys))
            fixed = "".join(f" {name}={text}" for name, text in left.entry.fixed.items())
            fixed += f" {left.entry.part}" if left.entry.part else ""
            attribute = f".{left.attribute}" if left.attribute else ""
            found.append(f"{left.entry.kind} {names}{fixed}{attribute} <- {ast.unparse(left.content)}")
        for read in found_by(call):
            names = " ".join(map(str, read.entry.resources + read.entry.keys))
            into = f" into {ast.unparse(read.into)}" if read.into is not None else ""
            fixed = "".join(f" {name}={text}" for name, text in read.entry.fixed.items())
            fixed += f" {read.entry.part}" if read.entry.part else ""
            found.append(f"{read.entry.kind} {names}{fixed} -> {' '.join(map(str, read.paths))}{into}")
    return found


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("table.put_item(Item={'id': '1', 'a': x})", ["table notes id=1.a <- x"]),
        ("table.put_item(Item=x)", ["table notes <- x"]),
        (
            "s3.put_object(Bucket='b', Key='k', Body=b'', Metadata={'a': x, 'b': 'c'}, ContentType=x)",
            ["bucket b k b=c Metadata.a <- x", "bucket b k ContentType <- x"],
        ),
        (
            "s3.upload_fileobj(x, 'b', 'k', ExtraArgs={'Metadata': x})",
            ["bucket b k <- x", "bucket b k Metadata <- x"],
        ),
        ("s3.get_object_tagging(Bucket='b', Key='k')", ["bucket b k Tagging -> ('TagSet', 0, 'Value')"]),
        ("s3.generate_presigned_post('b', x)", ["bucket b {event[\"x\"]} <- s3.generate_presigned_post('b', x)"]),
        (
            "s3.generate_presigned_url('put_object', Params={'Bucket': 'b', 'Key': 'k'})",
            ["bucket b k <- s3.generate_presigned_url('put_object', Params={'Bucket': 'b', 'Key': 'k'})"],
        ),
        ("s3.generate_presigned_url('get_object', Params={'Bucket': 'b', 'Key': 'k'})", []),
        ("db.put_item(TableName='notes', Item={'a': {'S': x}})", ["table notes.a <- {'S': x}"]),
        (
            "table.update_item(Key={'id': '1'}, UpdateExpression='SET #a = :b',"
            " ExpressionAttributeNames={'#a': 'c'}, ExpressionAttributeValues={':b': x})",
            ["table notes id=1.c <- x"],
        ),
        (
            "db.batch_write_item(RequestItems={'notes': [{'PutRequest': {'Item': {'a': {'S': x}}}}]})",
            ["table notes.a <- {'S': x}"],
        ),
        (
            "db.transact_write_items(TransactItems=[{'Put': {'TableName': 'notes', 'Item': {'a': {'S': x}}}}])",
            ["table notes.a <- {'S': x}"],
        ),
        (
            "db.transact_write_items(TransactItems=[{'Update': {'TableName': 'notes', 'Key': {'id': {'S': '1'}},"
            " 'UpdateExpression': 'SET a = :a', 'ExpressionAttributeValues': {':a': {'S': x}}}},"
            " {'Delete': {'TableName': 'notes', 'Key': {'id': {'S': x}}}}])",
            ["table notes id=1.a <- {'S': x}"],
        ),
        (
            "db.execute_statement(Statement=\"UPDATE notes SET a=? WHERE id=?\", Parameters=[{'S': x}, {'S': '1'}])",
            ["table notes.a <- {'S': x}", "table notes.id <- {'S': '1'}"],
        ),
        ("s3.put_object(Bucket='b', Key='k', Body=x)", ["bucket b k <- x"]),
        ("s3.put_object(Bucket='b', Key='k', Body='fixed')", []),
        ("s3.upload_file('/tmp/x', 'b', 'k')", ["bucket b k <- '/tmp/x'"]),
        ("ssm.put_parameter(Name='/p', Value=x)", ["parameter /p <- x"]),
        ("secrets.put_secret_value(SecretId='s', SecretString=x)", ["secret s <- x"]),
        (f"sqs.send_message(QueueUrl='{URL}', MessageBody=x)", ["queue jobs <- x"]),
        ("table.get_item(Key={'id': '1'})", ["table notes id=1 -> ('Item',)"]),
        ("table.scan()", ["table notes -> ('Items', 0)"]),
        ("db.get_paginator('query').paginate(TableName='notes')", ["table notes -> (0, 'Items', 0)"]),
        (
            "db.batch_get_item(RequestItems={'notes': {'Keys': [{'id': {'S': '1'}}]}})",
            ["table notes -> ('Responses', 'notes', 0)"],
        ),
        ("db.execute_statement(Statement='SELECT * FROM \"notes\"')", ["table notes -> ('Items', 0)"]),
        (
            "db.batch_execute_statement(Statements=[{'Statement': 'SELECT * FROM other'},"
            " {'Statement': 'UPDATE notes SET a=? WHERE id=1', 'Parameters': [{'S': x}]}])",
            ["table notes.a <- {'S': x}", "table other -> ('Responses', 0, 'Item')"],
        ),
        (
            "db.execute_transaction(TransactStatements=[{'Statement': 'UPDATE notes SET a=? WHERE id=1',"
            " 'Parameters': [{'S': x}]}, {'Statement': 'SELECT * FROM notes WHERE id=2'}])",
            ["table notes.a <- {'S': x}", "table notes -> ('Responses', 1, 'Item')"],
        ),
        (
            "db.transact_get_items(TransactItems=[{'Get': {'TableName': 'other', 'Key': {'id': {'S': '1'}}}},"
            " {'Get': {'TableName': 'notes', 'Key': {'id': {'S': x}}}}])",
            ["table other id=1 -> ('Responses', 0, 'Item')", "table notes -> ('Responses', 1, 'Item')"],
        ),
        ("db.get_paginator(x).paginate(TableName='notes')", []),
        (
            "db.put_item(TableName='notes', Item=x, ReturnValues='ALL_OLD')",
            ["table notes <- x", "table notes -> ('Attributes',)"],
        ),
        ("s3.get_object(Bucket='b', Key='k')", ["bucket b k -> ('Body',)", *DESCRIBED]),
        ("s3.download_file('b', 'k', '/tmp/y')", ["bucket b k ->  into '/tmp/y'"]),
        ("ssm.get_parameter(Name='/p')", ["parameter /p -> ('Parameter', 'Value')"]),
        ("ssm.get_parameters(Names=['/p', '/q'])", ["parameter /p /q -> ('Parameters', 0, 'Value')"]),
        (
            "ssm.get_parameters_by_path(Path='/shop/')",
            ["parameter /shop/{below the path} -> ('Parameters', 0, 'Value')"],
        ),
        ("secrets.get_secret_value(SecretId='s')", ["secret s -> ('SecretString',)"]),
        (f"sqs.receive_message(QueueUrl='{URL}')", ["queue jobs -> ('Messages', 0, 'Body')"]),
        ("s3.list_objects_v2(Bucket='b')", []),
    ],
)
def test_each_call(statement: str, expected: list[str], tmp_path: Path) -> None:
    assert told(tmp_path, statement) == expected


def entry(*names: str | Pattern, keys: tuple[str, ...] = (), **fixed: str) -> StoredEntry:
    patterns = tuple(name if isinstance(name, Pattern) else Pattern.of(name) for name in names)
    return StoredEntry("bucket", patterns, tuple(map(Pattern.of, keys)), fixed)


UNKNOWN = Pattern.any("event['name']")


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (entry("a"), entry("a"), Verdict.YES),
        (entry("a"), entry("b"), Verdict.NO),
        (entry("a", "b"), entry("b"), Verdict.YES),
        (entry(Pattern.generated("T")), entry(Pattern.generated("T")), Verdict.YES),
        (entry(UNKNOWN), entry("a"), Verdict.NO),
        (entry(UNKNOWN), entry(UNKNOWN), Verdict.MAYBE),
        (entry("a", keys=("x",)), entry("a", keys=("x",)), Verdict.YES),
        (entry("a", keys=("x",)), entry("a", keys=("y",)), Verdict.NO),
        (entry("a", keys=("x",)), entry("a"), Verdict.YES),
        (entry("a", id="1"), entry("a", id="1"), Verdict.YES),
        (entry("a", id="1"), entry("a", id="2"), Verdict.NO),
        (entry("a", id="1"), entry("a", name="2"), Verdict.YES),
        (entry(), entry("a"), Verdict.NO),
    ],
)
def test_whether_two_mean_the_same(one: StoredEntry, other: StoredEntry, verdict: Verdict) -> None:
    assert one.same(other) is verdict
    assert other.same(one) is verdict
