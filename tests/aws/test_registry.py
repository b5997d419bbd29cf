"""The facts of all services agree with each other and with the generated tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.aws import services
from sls_lab.aws.actions import action_prefix, client_method, method_action
from sls_lab.aws.arn import arn_name, resource_arn
from sls_lab.aws.attributes import attribute, reference, resource_type
from sls_lab.aws.boto_classes import collection_class, collection_name, identifiers, made_class, positional
from sls_lab.aws.registry import FACTS, RAISING, facts_by_word, facts_of, trigger_facts
from sls_lab.aws.stub_classes import stub_class
from sls_lab.aws.tables import table
from sls_lab.aws.triggers import BY_PRINCIPAL, BY_SAM_EVENT, exposure, is_left_with_lambda, polling_prefix
from sls_lab.facts import Pattern

REGION = Pattern.of("eu-west-1")
STUBS = Path(__file__).resolve().parents[2] / "sls_lab" / "taint" / "stubs"


def test_every_file_of_facts_is_found() -> None:
    files = {file.stem for file in Path(services.__path__[0]).glob("*.py")} - {"__init__"}
    assert {"s3", "iot_data", "lambda_"} <= files
    assert {name.replace("-", "_") for name in FACTS} >= {name.rstrip("_") for name in files - {"acting"}}


def test_no_two_services_claim_the_same() -> None:
    for claims in (
        [name for facts in FACTS.values() for name in facts.types],
        [event for facts in FACTS.values() for one in facts.triggers for event in (*one.sam, *one.sam_policy)],
        [principal for facts in FACTS.values() for one in facts.triggers for principal in one.principal],
    ):
        assert len(claims) == len(set(claims))


def test_a_kind_of_trigger_has_one_exposure() -> None:
    known: dict[str, set[str]] = {}
    for facts in FACTS.values():
        for one in facts.triggers:
            known.setdefault(one.kind, set()).add(one.exposure)
    assert {kind: found for kind, found in known.items() if len(found) > 1} == {}


def test_every_route_wakes_by_a_kind_that_is_known() -> None:
    assert {route.trigger for facts in FACTS.values() for route in facts.routes} <= {
        one.kind for facts in FACTS.values() for one in facts.triggers
    }


@pytest.mark.parametrize("client", FACTS)
def test_an_arn_gives_its_name_back(client: str) -> None:
    name = Pattern.of("name")
    assert arn_name(client, resource_arn(client, name)) == name


@pytest.mark.parametrize(
    ("type_name", "key", "expected"),
    [
        ("AWS::SQS::Queue", None, "https://sqs.eu-west-1.amazonaws.com/{AWS::AccountId}/n"),
        ("AWS::SQS::Queue", "Arn", "arn:aws:sqs:eu-west-1:{AWS::AccountId}:n"),
        ("AWS::S3::Bucket", None, "n"),
        ("AWS::S3::Bucket", "Arn", "arn:aws:s3:::n"),
        ("AWS::S3::Bucket", "DomainName", "n.s3.amazonaws.com"),
        ("AWS::SNS::Topic", None, "arn:aws:sns:eu-west-1:{AWS::AccountId}:n"),
        ("AWS::DynamoDB::Table", "StreamArn", "arn:aws:dynamodb:eu-west-1:{AWS::AccountId}:table/n/stream/{n stream}"),
        ("AWS::IAM::Role", "Arn", "arn:aws:iam::{AWS::AccountId}:role/n"),
        ("AWS::IAM::ManagedPolicy", None, "arn:aws:iam::{AWS::AccountId}:policy/n"),
        ("AWS::Lambda::LayerVersion", None, "arn:aws:lambda:eu-west-1:{AWS::AccountId}:layer:n:{n version}"),
        ("AWS::StepFunctions::StateMachine", None, "arn:aws:states:eu-west-1:{AWS::AccountId}:stateMachine:n"),
    ],
)
def test_what_a_reference_gives(type_name: str, key: str | None, expected: str) -> None:
    name = Pattern.of("n")
    found = reference(type_name, name, REGION) if key is None else attribute(type_name, name, key, REGION)
    assert str(found) == expected


def test_an_unknown_type_and_attribute_give_nothing() -> None:
    assert attribute("AWS::Unknown::Thing", Pattern.of("n"), "Arn", REGION) is None
    assert attribute("AWS::SQS::Queue", Pattern.of("n"), "Colour", REGION) is None
    assert resource_type("AWS::Unknown::Thing").name is None


@pytest.mark.parametrize(
    ("service", "method", "action"),
    [
        ("s3", "put_object", "s3:PutObject"),
        ("s3", "list_objects_v2", "s3:ListBucket"),
        ("s3", "list_buckets", "s3:ListAllMyBuckets"),
        ("s3", "get_bucket_cors", "s3:GetBucketCORS"),
        ("s3", "upload_file", "s3:PutObject"),
        ("lambda", "invoke", "lambda:InvokeFunction"),
        ("sqs", "send_message_batch", "sqs:SendMessage"),
        ("stepfunctions", "start_execution", "states:StartExecution"),
        ("iot-data", "publish", "iot:Publish"),
        ("opensearch", "create_domain", "es:CreateDomain"),
        ("apigatewaymanagementapi", "post_to_connection", "execute-api:ManageConnections"),
        ("sesv2", "send_email", "ses:SendEmail"),
        ("timestream-query", "query", "timestream:Select"),
        ("unheard-of", "make_thing", "unheard-of:MakeThing"),
        ("dynamodb", "execute_statement", None),
        ("s3", "write_get_object_response", None),
    ],
)
def test_the_action_of_a_method(service: str, method: str, action: str | None) -> None:
    assert method_action(service, method) == action


def test_a_resource_method_is_one_of_the_client() -> None:
    assert client_method("s3", "Object", "put") == "put_object"
    assert client_method("s3", "Bucket", "put_object") == "put_object"
    assert client_method("dynamodb", "BatchWriter", "put_item") == "batch_write_item"
    assert client_method("sqs", "Object", "put") == "put"
    assert client_method("unheard-of", "Object", "put") == "put"
    assert action_prefix("pinpoint") == "mobiletargeting"


def test_boto3_classes() -> None:
    assert identifiers("s3", "MultipartUploadPart") == (
        ("bucket_name", "Bucket"),
        ("object_key", "Key"),
        ("multipart_upload_id", "UploadId"),
        ("part_number", "PartNumber"),
    )
    assert identifiers("ec2", "Instance") == (("id", "InstanceId"),)
    assert identifiers("sqs", "Unknown") == (("id", "UnknownId"),)
    assert made_class("s3", "Bucket", "Acl") == "BucketAcl"
    assert made_class("s3", "Bucket", "Object") == "Object"
    assert collection_class("sqs", "Queue", "dead_letter_source_queues") == "Queue"
    assert collection_class("sqs", "Queue", "colours") is None
    assert positional("Bucket", "upload_file")[:2] == ("Filename", "Key")
    assert positional("client", "download_file")[:3] == ("Bucket", "Key", "Filename")
    assert positional("Object", "download_file")[:2] == ("Filename", "ExtraArgs")
    assert positional("client", "put_object") == ()
    assert positional("Table", "upload_file") == ()
    assert made_class("unheard-of", "Thing", "Part") == "Part"
    assert collection_class("unheard-of", "Thing", "parts") is None
    assert collection_name("Bucket", "object_versions") == "BucketObjectVersionsCollection"


def test_every_stub_class_is_in_its_stub() -> None:
    for service, entry in table("boto_classes.json").items():
        for receiver in ("client", *entry["classes"]):
            found = stub_class(service, receiver)
            assert found is not None
            module, name = found
            assert f"class {name}" in STUBS.joinpath(*module.split(".")).with_suffix(".pyi").read_text(encoding="utf-8")
    assert stub_class("s3", "Paginator") is None
    assert stub_class("unheard-of", "client") is None


def test_who_pulls_a_trigger() -> None:
    assert exposure("http") == "public"
    assert exposure("schedule") == "clock"
    assert exposure("url", signed=True) == "resource"
    assert exposure("unheard-of") == "resource"
    assert is_left_with_lambda("sns")
    assert not is_left_with_lambda("sqs")
    assert polling_prefix("stream", "kinesis") == "kinesis"
    assert polling_prefix("stream", "dynamodb") == "dynamodb"
    assert polling_prefix("unheard-of", None) is None
    assert not is_left_with_lambda("unheard-of")
    assert polling_prefix("msk", None) == "kafka"
    assert polling_prefix("sns", "sns") is None


def test_lookups_by_the_words_of_templates() -> None:
    assert BY_PRINCIPAL["s3.amazonaws.com"] == ("s3", "s3")
    assert BY_PRINCIPAL["events.amazonaws.com"] == ("eventBridge", None)
    assert BY_SAM_EVENT["IoTRule"][1].kind == "iot"
    assert facts_of("states").client == "stepfunctions"
    dynamodb = facts_by_word("dynamodb")
    assert dynamodb is not None
    assert dynamodb.client == "dynamodb"
    assert facts_by_word("unheard-of") is None
    assert trigger_facts("unheard-of") is None
    assert {"put_object", "publish", "put_record_batch"} <= RAISING
