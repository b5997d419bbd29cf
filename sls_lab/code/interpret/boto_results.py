"""What boto3 calls give back, as far as it decides names."""

from __future__ import annotations

from collections.abc import Callable

from sls_lab.aws.arn import ACCOUNT, queue_url, resource_arn
from sls_lab.code.interpret.boto_objects import Boto, BotoClient, BotoHelper, BotoResource, BotoService, plain
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import Arguments, Text, Unknown, Value, text, unknown
from sls_lab.facts import Pattern, Reason


def result_of(machine: Machine, receiver: Boto, api: str, arguments: Arguments, label: str) -> Value:
    """The result of a call: the URL of the queue asked for, a new topic's ARN; otherwise unknown by its source."""
    service = "" if isinstance(receiver, BotoHelper) else getattr(receiver, "service", "")
    if isinstance(receiver, BotoClient):
        return _of_client(machine, service, api, arguments, label)
    if isinstance(receiver, BotoService):
        return _of_service(service, api, arguments) or unknown(label)
    if isinstance(receiver, BotoResource):
        return _of_resource(machine, receiver, api, arguments, label) or unknown(label)
    return unknown(label)


def _of_client(machine: Machine, service: str, api: str, arguments: Arguments, label: str) -> Value:
    match service, api:
        case "sqs", "get_queue_url" | "create_queue":
            return machine.new_names({"QueueUrl": _named(arguments.get(0, "QueueName"), queue_url)})
        case "sns", "create_topic":
            arn = _named(arguments.get(0, "Name"), lambda name: resource_arn("sns", name))
            return machine.new_names({"TopicArn": arn})
        case "sts", "get_caller_identity":
            account = text(ACCOUNT, (Reason("the account of the deployment"),), deployed=True)
            return machine.new_names({"Account": account, "Arn": unknown(label), "UserId": unknown(label)})
        case "ssm", "get_parameter":
            name = machine.label(arguments.get(0, "Name")).strip('"')
            value = text(Pattern.fixed(f"ssm:{name}"), (Reason(f"the parameter {name} of Systems Manager"),), True)
            return machine.new_names(
                {"Parameter": machine.new_names({"Name": arguments.get(0, "Name"), "Value": value})}
            )
    return unknown(label)


def _of_service(service: str, api: str, arguments: Arguments) -> Value:
    match service, api:
        case "sqs", "get_queue_by_name" | "create_queue":
            return (BotoResource("sqs", "Queue", (("QueueUrl", _named(arguments.get(0, "QueueName"), queue_url)),)),)
        case "sns", "create_topic":
            arn = _named(arguments.get(0, "Name"), lambda name: resource_arn("sns", name))
            return (BotoResource("sns", "Topic", (("TopicArn", arn),)),)
        case "dynamodb", "create_table":
            return (BotoResource("dynamodb", "Table", (("TableName", plain(arguments.keyword("TableName"))),)),)
        case "s3", "create_bucket":
            return (BotoResource("s3", "Bucket", (("Bucket", plain(arguments.keyword("Bucket"))),)),)
    return ()


def _of_resource(machine: Machine, receiver: BotoResource, api: str, arguments: Arguments, label: str) -> Value:
    known = dict(receiver.identifiers)
    match receiver.kind, api:
        case "Bucket", "put_object":
            key = plain(arguments.keyword("Key")) or unknown("Key")
            return (
                BotoResource("s3", "Object", (("Bucket", known.get("Bucket", ())), ("Key", key)), receiver.because),
            )
        case "Queue", "receive_messages":
            message = BotoResource(
                "sqs",
                "Message",
                (*receiver.identifiers, ("ReceiptHandle", unknown("receipt_handle"))),
                receiver.because,
            )
            return machine.new_list((), (message,))
        case (("Object" | "ObjectSummary"), "initiate_multipart_upload"):
            identifiers = (*receiver.identifiers, ("UploadId", unknown(f"{label}.id")))
            return (BotoResource("s3", "MultipartUpload", identifiers, receiver.because),)
    return ()


def _named(value: Value, wrap: Callable[[Pattern], Pattern]) -> Value:
    """A name wrapped into a URL or ARN."""
    wrapped: list[Text] = []
    for atom in plain(value) or unknown("name"):
        pattern = atom.pattern if isinstance(atom, Text) else Pattern.any(getattr(atom, "label", "name"))
        because = atom.because if isinstance(atom, Text | Unknown) else ()
        wrapped.append(Text(wrap(pattern), because, isinstance(atom, Text) and atom.deployed))
    return tuple(wrapped)
