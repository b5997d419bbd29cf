"""Amazon S3: objects stored and removed wake functions by bucket notifications.

Event names and the event's shape:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sls_lab.aws.arn import resource_arn
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import NO_FACTS, ContentKind, Element, Passage, Payload, Raised, StoredContent
from sls_lab.services.service import HandedOn, Service
from sls_lab.template.shared.trigger_settings import Settings, first, rules

SERVICE = "s3"
_ANY_RECEIVER: frozenset[str] = frozenset()
_COLLECTIONS = frozenset({"BucketObjectsCollection", "BucketObjectVersionsCollection"})
_OBJECT = frozenset({"Object", "ObjectSummary", "ObjectVersion"})
_UPLOADED = ("ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload")  # boto3 splits what is large
_REMOVED = ("ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated")  # the second where versions are kept


@dataclass(frozen=True, slots=True)
class _Api:
    """What a method raises, the IAM action it needs, the argument with the content, and which classes have it."""

    names: tuple[str, ...]
    action: str
    content: tuple[str, ContentKind] | None = None
    receivers: frozenset[str] = _ANY_RECEIVER


_PUT = "s3:PutObject"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_APIS: Mapping[str, _Api] = MappingProxyType(
    {
        "put_object": _Api(("ObjectCreated:Put",), _PUT, ("Body", "body")),
        "put": _Api(("ObjectCreated:Put",), _PUT, ("Body", "body"), _OBJECT),
        "upload_file": _Api(_UPLOADED, _PUT, ("Filename", "path")),
        "upload_fileobj": _Api(_UPLOADED, _PUT, ("Fileobj", "file")),
        "copy_object": _Api(("ObjectCreated:Copy",), _PUT, ("CopySource", "copy")),
        "copy_from": _Api(("ObjectCreated:Copy",), _PUT, ("CopySource", "copy"), _OBJECT),
        "copy": _Api(("ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload"), _PUT, ("CopySource", "copy")),
        "complete_multipart_upload": _Api(("ObjectCreated:CompleteMultipartUpload",), _PUT),
        "complete": _Api(("ObjectCreated:CompleteMultipartUpload",), _PUT, None, frozenset({"MultipartUpload"})),
        # Whoever holds the signature uploads by it, with the permissions of who signed.
        "generate_presigned_post": _Api(("ObjectCreated:Post",), _PUT, ("Fields", "upload")),
        "delete_object": _Api(_REMOVED, "s3:DeleteObject"),
        "delete_objects": _Api(_REMOVED, "s3:DeleteObject"),
        "delete": _Api(_REMOVED, "s3:DeleteObject", None, _OBJECT | _COLLECTIONS),
        "restore_object": _Api(("ObjectRestore:Post",), "s3:RestoreObject"),
        "put_object_tagging": _Api(("ObjectTagging:Put",), "s3:PutObjectTagging"),
        "delete_object_tagging": _Api(("ObjectTagging:Delete",), "s3:DeleteObjectTagging"),
        "put_object_acl": _Api(("ObjectAcl:Put",), "s3:PutObjectAcl"),
    }
)
# The methods that a presigned URL may stand for, whose parameters are given as `Params`.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/PresignedUrlUploadObject.html
_SIGNED = frozenset({"put_object", "delete_object"})
_SIGNING = frozenset({"generate_presigned_url", "generate_presigned_post"})
_BUCKET = ("Bucket", "bucket_name", "BucketName")
_KEY = ("Key", "key", "ObjectKey", "object_key")


def _api(call: BotoCall, view: View) -> _Api | None:
    method = call.api
    if method == "generate_presigned_url":
        named = arguments.values(call, view, "ClientMethod", "client_method")
        method = next((name.text for name in named if name.text in _SIGNED), "")
    api = _APIS.get(method) if call.service == SERVICE else None
    return None if api is None or (api.receivers and call.receiver not in api.receivers) else api


def _keys(call: BotoCall, view: View) -> list[tuple[Element | None, tuple[Pattern, ...]]]:
    if call.receiver in _COLLECTIONS and isinstance(call.node.func, ast.Attribute):  # each object that is in it
        listed = build.each_of("removed", call.node.func.value)
        return [(replace(listed, node=build.attribute(listed.node, "key")), (Pattern.any("key"),))]
    if call.api == "generate_presigned_url":
        params = arguments.node(call, view, "Params")
        key = view.written(params, "Key") if params is not None else None
        return [(None, view.values(key) if key is not None else (Pattern.any("Key"),))]
    if call.api != "delete_objects":
        return [(None, arguments.values(call, view, *_KEY))]
    wanted = arguments.several(call, view, "Delete")
    objects = view.member(wanted, "Objects") if wanted is not None else None
    if objects is None:
        return [(None, (Pattern.any("Delete"),))]
    found: list[tuple[Element | None, tuple[Pattern, ...]]] = []
    for element in view.elements(objects, "removed"):
        key = view.written(element.node, "Key")
        found.append((element, view.values(key) if key is not None else (Pattern.any("Key"),)))
    return found


def _key(call: BotoCall, view: View) -> ast.expr | None:
    """The expression for the key of the one object that a call is for."""
    params = arguments.node(call, view, "Params") if call.api == "generate_presigned_url" else None
    return view.member(params, "Key") if params is not None else arguments.expression(call, view, *_KEY, receiver="key")


def _buckets(call: BotoCall, view: View) -> tuple[Pattern, ...]:
    if call.api != "generate_presigned_url":
        return arguments.resource_names(call, view, SERVICE, *_BUCKET)
    params = arguments.node(call, view, "Params")
    bucket = view.written(params, "Bucket") if params is not None else None
    return view.values(bucket) if bucket is not None else (Pattern.any("Bucket"),)


def _wanted(settings: Settings) -> list[str]:
    found = first(settings, "event", "events", "Events", "Event")
    return [node.text for node in found.listed() if node.text] if found else []


def _together(answers: list[Verdict]) -> Verdict:
    """Alternatives: certain only where all agree."""
    return answers[0] if answers and all(answer is answers[0] for answer in answers) else Verdict.MAYBE


def _object_event(event: Payload) -> Payload:
    """A bucket's event on the default bus.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    created = any(name.startswith("ObjectCreated") for name in event.names)
    reason = {
        "ObjectCreated:Put": "PutObject",
        "ObjectCreated:Copy": "CopyObject",
        "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    }.get(event.names[0], "DeleteObject")
    kind = "Object Created" if created else "Object Deleted"
    detail = build.record(
        {
            "bucket": build.record({"name": event.parts["bucket"]}),
            "object": build.record({"key": event.parts["key"]}),
            "reason": build.const(reason),
        }
    )
    parts: dict[str, ast.expr] = {
        "detail-type": build.const(kind),
        "source": build.const("aws.s3"),
        "detail": detail,
    }
    facts = {"Source": (Pattern.of("aws.s3"),), "DetailType": (Pattern.of(kind),)}
    return Payload("events", parts, ("",), facts, event.generators)


class S3(Service):
    """Amazon S3: objects stored and removed wake functions by bucket notifications."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each object that the call stores or removes."""
        api = _api(call, view)
        if api is None:
            return ()
        buckets = _buckets(call, view)
        because = (
            arguments.call_reason(call),
            *arguments.naming_reasons(call, "bucket", buckets, *_BUCKET),
        )
        events = []
        for element, keys in _keys(call, view):
            arns = tuple(self.arn(bucket, {"key": keys}) for bucket in buckets)
            events.append(Raised(SERVICE, buckets, (api.action,), arns, api.names, {"key": keys}, because, element))
        return tuple(events)

    def arn(self, name: Pattern, facts: Mapping[str, tuple[Pattern, ...]] = NO_FACTS) -> Pattern:
        """The ARN of an object: `arn:aws:s3:::bucket/key`, with a hole for a key of several alternatives."""
        keys = facts.get("key", ())
        key = keys[0] if len(keys) == 1 else Pattern.any("key")
        return Pattern.of(resource_arn(SERVICE, name), "/", key)

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The bucket's and the object's name; the content does not travel."""
        bucket = arguments.expression(
            call, view, *_BUCKET, receiver="bucket_name" if call.receiver in _OBJECT else "name"
        )
        params = arguments.node(call, view, "Params") if call.api == "generate_presigned_url" else None
        generators: tuple[ast.comprehension, ...] = ()
        if params is not None:
            bucket = view.member(params, "Bucket") or bucket
        if event.element is None:
            key = _key(call, view)
        else:
            key = event.element.node if call.receiver in _COLLECTIONS else view.member(event.element.node, "Key")
            generators = event.element.generators
        parts = {"bucket": bucket, "key": key if key is not None else build.const("")}
        given = arguments.argument(call, *_KEY)
        because = (Reason("the object's key arrives in `s3.object.key`", given.span if given else call.span),)
        return Payload(SERVICE, parts, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One record of the notification."""
        bucket = event.parts["bucket"]
        written = ast.BinOp(build.const("arn:aws:s3:::"), ast.Add(), bucket)
        return build.record(
            {
                "eventVersion": build.const("2.1"),
                "eventSource": build.const("aws:s3"),
                "eventName": build.const(event.names[0]),
                "s3": build.record(
                    {
                        "s3SchemaVersion": build.const("1.0"),
                        "bucket": build.record({"name": bucket, "arn": written}),
                        "object": build.record({"key": event.parts["key"]}),
                    }
                ),
            }
        )

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """`{"Records": […]}`; S3 sends one object a notification, which changes nothing for what arrives where."""
        records = [Element(self.document(event, settings), event.generators) for event in events]
        return build.record({"Records": build.listing(records)})

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The notification's event type, then its prefix and suffix rules."""
        wanted = [text.removeprefix("s3:") for text in _wanted(settings)]
        reasons: list[Reason] = []
        verdict = Verdict.YES
        if wanted:
            passing = tuple(
                name for name in event.names if any(Pattern.of(name).matches_glob(glob).possible for glob in wanted)
            )
            words = " or ".join(event.names)
            span = first(settings, "event", "events", "Events", "Event")
            where = span.span if span else None
            if not passing:
                reason = Reason(f"{words} is not among the events listened to: {', '.join(wanted)}", where)
                return Passage(Verdict.NO, (reason,), event)
            verdict = Verdict.YES if len(passing) == len(event.names) else Verdict.MAYBE
            listened = f"{' or '.join(passing)} is listened to ({', '.join(wanted)})"
            reasons.append(Reason(listened, where, "statement" if verdict is Verdict.YES else "doubt"))
            event = replace(event, names=passing)
        keys = event.facts.get("key", (Pattern.any("key"),))
        for kind, text, node in rules(settings):
            answers = [key.starts_with(text) if kind == "prefix" else key.ends_with(text) for key in keys]
            answer = _together(answers)
            verdict = Verdict.all((verdict, answer))
            saying = {Verdict.YES: "has", Verdict.NO: "does not have", Verdict.MAYBE: "may have"}[answer]
            key_text = " or ".join(f"`{key}`" for key in keys)
            sentence = f"the key {key_text} {saying} the {kind} `{text}`"
            reasons.append(Reason(sentence, node.span, "doubt" if answer is Verdict.MAYBE else "statement"))
        return Passage(verdict, tuple(reasons), event)

    def stored(self, call: BotoCall, view: View) -> StoredContent | None:
        """What the call makes the object's content, None for calls that store nothing."""
        api = _api(call, view)
        if api is None or api.content is None:
            return None
        parameter, kind = api.content
        key = _key(call, view)
        if call.api in _SIGNING:
            return StoredContent(call.node, "upload", key)
        expression = arguments.optional(call, view, parameter, *(("Body", "Data") if kind == "body" else ()))
        return StoredContent(expression, kind, key) if expression is not None else None

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The notification; on a bus, an event of its own form."""
        if target == "events":
            return _object_event(event)
        return HandedOn(SERVICE, self.lambda_event((event,), settings))

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """An object with a name that the sender makes up, after a prefix that the template may give."""
        prefix = first(settings, "prefix")
        start = prefix.pattern if prefix is not None and prefix.pattern is not None else Pattern.of()
        key = Pattern.of(start, Pattern.fixed(f"{handed.sender} object"))
        parts: dict[str, ast.expr] = {"bucket": build.const(str(target)), "key": build.const(str(key))}
        return Payload(SERVICE, parts, ("ObjectCreated:Put",), {"key": (key,)}, handed.generators)


BEHAVIOUR: Service = S3()
