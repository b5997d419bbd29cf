"""The simulated AWS: moto in this process, with every call of the application reported to the kit before and after.

The kit answers whether the role allows a call. What moto does not know, and what only the kit can do (invoking
functions, running state machines), the kit answers.
"""

from __future__ import annotations

import importlib
import io
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from sls_lab.replay.child.asking import Asking
from sls_lab.replay.child.recorder import Recorder, put
from sls_lab.replay.child.service_data import share_service_data

_REFUSED: Final = 403
_NOT_SIMULATED: Final = "Not yet implemented"  #: what moto answers for a service of which it has nothing
#: What a stream's body is called in each operation that takes one.
_STREAMS: Final = ("Body", "body", "Payload", "ZipFile")


class Services:
    """Installs moto between boto3 and AWS. `ask` sends a question to the kit and returns its answer."""

    def __init__(self, recorder: Recorder, asking: Asking, ask: Callable[[Mapping[str, Any]], Any]) -> None:
        self._recorder, self._asking, self._ask = recorder, asking, ask
        self._lock = threading.RLock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._seen: dict[str, int] = {}
        self._within = threading.local()

    def install(self) -> None:
        """Import boto3 and moto, and take the place of the one method through which all calls of clients go."""
        self.boto3 = importlib.import_module("boto3")
        self._own = {name: getattr(self.boto3, name) for name in ("client", "resource", "Session", "session")}
        client = importlib.import_module("botocore.client")
        self._exceptions = importlib.import_module("botocore.exceptions")
        self._names = importlib.import_module("botocore")
        self._moto = importlib.import_module("moto").mock_aws()
        self._random = importlib.import_module("moto.moto_api._internal").mock_random
        self._original = client.BaseClient._make_api_call
        self._base = client.BaseClient
        self._calling = self._call()
        put(client.BaseClient, [("_make_api_call", self._calling)])
        # Without threads, so that a transfer's calls are made where the application makes it.
        config = importlib.import_module("boto3.s3.transfer").TransferConfig
        original = config.__init__

        def configured(self: Any, *rest: Any, **given: Any) -> None:
            original(self, *rest, **given)
            self.use_threads = False

        put(config, [("__init__", configured)])
        share_service_data()
        self._moto.start()

    def reset(self) -> None:
        """Empty every store, and begin with the same made-up identifiers."""
        self._moto.stop()
        self._random.seed(0)
        self._moto.start(reset=True)
        self._seen.clear()

    def intact(self) -> bool:
        """Whether boto3 is still the one that the replay knows; it is put right where it is not."""
        same = sys.modules.get("boto3") is self.boto3 and self._base._make_api_call is self._calling
        same = same and all(vars(self.boto3).get(name) is value for name, value in self._own.items())
        sys.modules["boto3"] = self.boto3
        vars(self.boto3).update(self._own)
        put(self._base, [("_make_api_call", self._calling)])
        return same

    def client(self, service: str, region: str) -> Any:
        """A client of the kit's own."""
        if (service, region) not in self._clients:
            self._clients[service, region] = self.boto3.client(service, region_name=region)
        return self._clients[service, region]

    def own(self, service: str, region: str, api: str, arguments: Mapping[str, Any]) -> Any:
        """A call of the kit's own: nothing is asked or reported."""
        before, self._within.kit = getattr(self._within, "kit", False), True
        active, self._recorder.active = self._recorder.active, False
        try:
            return getattr(self.client(service, region), api)(**arguments)
        finally:
            self._within.kit, self._recorder.active = before, active

    def new_records(self, region: str) -> dict[str, list[Any]]:
        """What was written to the streams of tables since this was last asked, by table."""
        backends = sys.modules.get("moto.dynamodb.models")
        found: dict[str, list[Any]] = {}
        if backends is None:
            return found
        for account in backends.dynamodb_backends.values():
            for table in account[region].tables.values():
                items = table.stream_shard.items if table.stream_shard else []
                seen = self._seen.get(table.name, 0)
                if len(items) > seen:
                    found[table.name] = [item.to_json() for item in items[seen:]]
                    self._seen[table.name] = len(items)
        return found

    def stored(self, region: str, bucket: str, key: str) -> dict[str, Any]:
        """Size and ETag of an object, for the event about it."""
        try:
            head = self.own("s3", region, "head_object", {"Bucket": bucket, "Key": key})
        except self._exceptions.ClientError:
            return {}
        return {"size": head["ContentLength"], "eTag": head["ETag"].strip('"')}

    def _call(self) -> Callable[..., Any]:
        services = self

        def make_api_call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            if getattr(services._within, "kit", False) or not services._recorder.active:
                return services._original(client, operation, arguments)
            with services._lock:
                return services._told(client, operation, arguments)

        return make_api_call

    def _told(self, client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        service, region = client.meta.service_model.service_name, client.meta.region_name
        arguments = {key: _read(value) if key in _STREAMS else value for key, value in arguments.items()}
        call = {
            "service": service,
            "operation": operation,
            "api": self._names.xform_name(operation),
            "region": region,
            "arguments": arguments,
            "place": self._recorder.places.nearest(),
        }
        answer = self._ask({"is": "call", **call})
        self._asking.called()
        if "error" in answer:
            raise self._exceptions.ClientError(
                {"Error": answer["error"], "ResponseMetadata": {"HTTPStatusCode": _REFUSED}}, operation
            )
        if "response" in answer:
            response = _with_streams(answer["response"])
            self._ask({"is": "called", "outcome": "answered", "response": {}})
            return self._asking.answer(operation, arguments, response)
        try:
            self._recorder.active = False
            response = self._original(client, operation, arguments)
        except (self._exceptions.ClientError, self._exceptions.BotoCoreError) as error:
            self._recorder.active = True
            if _NOT_SIMULATED in str(error):
                return self._unknown(client, operation)
            self._ask({"is": "called", "outcome": "failed", "error": str(error)})
            raise
        except NotImplementedError:
            return self._unknown(client, operation)
        except Exception as error:  # boto3 raises the two above: any other is a mistake of moto's own
            return self._unknown(client, operation, f" (it ends with {type(error).__name__}: {error})")
        finally:
            self._recorder.active = True
        self._ask({"is": "called", "outcome": "done", **self._effects(service, region, operation, arguments, response)})
        return self._asking.answer(operation, arguments, response)

    def _unknown(self, client: Any, operation: str, why: str = "") -> Any:
        """What moto lacks, or fails at, is answered by an empty response of the documented shape."""
        self._recorder.active = True
        service = client.meta.service_model.service_name
        name = f"{service}.{self._names.xform_name(operation)}"
        message = f"moto does not simulate {name}{why}: it is answered by an empty response"
        self._recorder.note("api-not-simulated", message)
        shape = client.meta.service_model.operation_model(operation).output_shape
        response = empty(shape, 4) if shape is not None else {}
        self._ask({"is": "called", "outcome": "answered", "response": {}})
        return response

    def _effects(
        self, service: str, region: str, operation: str, arguments: Mapping[str, Any], response: Any
    ) -> dict[str, Any]:
        """What the event of a call says beyond its arguments."""
        kept = {key: value for key, value in response.items() if key != "ResponseMetadata"} if response else {}
        kept = {key: value for key, value in kept.items() if not hasattr(value, "read")}
        found: dict[str, Any] = {"response": kept, "request": response.get("ResponseMetadata", {}).get("RequestId", "")}
        if service == "dynamodb":
            found["records"] = self.new_records(region)
        if service == "s3" and operation in ("PutObject", "CopyObject", "CompleteMultipartUpload"):
            found["stored"] = self.stored(region, arguments["Bucket"], arguments["Key"])
        return found


def _read(value: Any) -> Any:
    """The bytes of a body that is given as an open file; anything else as it is."""
    if not hasattr(value, "read"):
        return value
    data = value.read()
    return data.encode("utf-8") if isinstance(data, str) else data


def _with_streams(response: Any) -> dict[str, Any]:
    """An answer of the kit's with its payload as a stream, as botocore gives it."""
    streaming = importlib.import_module("botocore.response").StreamingBody
    found = dict(response)
    if isinstance(found.get("Payload"), bytes):
        found["Payload"] = streaming(io.BytesIO(found["Payload"]), len(found["Payload"]))
    found["ResponseMetadata"] = {"HTTPStatusCode": found.get("StatusCode", 200), "RetryAttempts": 0}
    return found


def empty(shape: Any, depth: int) -> Any:
    """The smallest value of a shape of botocore's service data."""
    kind = shape.type_name
    if kind == "structure":
        members = shape.members.items() if depth else ()
        return {name: empty(member, depth - 1) for name, member in members}
    plain = {"string": "", "integer": 0, "long": 0, "float": 0.0, "double": 0.0, "boolean": False, "blob": b""}
    return {"list": [], "map": {}, "timestamp": None, **plain}.get(kind)
