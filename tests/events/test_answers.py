"""Which calls wait for what they wake, and where in the response its answer is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sls_lab import App
from sls_lab.events.answers import answer_key, has_answer

Write = Callable[..., App]


# https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html and
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
@pytest.mark.parametrize(
    ("call", "waits", "key"),
    [
        ("client('lambda').invoke(FunctionName='f')", True, "Payload"),
        ("client('lambda').invoke(FunctionName='f', InvocationType='RequestResponse')", True, "Payload"),
        ("client('lambda').invoke(FunctionName='f', InvocationType=event['how'])", True, "Payload"),
        ("client('lambda').invoke(FunctionName='f', InvocationType='Event')", True, None),
        ("client('lambda').invoke(FunctionName='f', InvocationType='DryRun')", True, None),
        ("client('lambda').invoke_async(FunctionName='f', InvokeArgs='{}')", False, None),
        ("client('stepfunctions').start_sync_execution(stateMachineArn='m')", True, "output"),
        ("client('stepfunctions').start_execution(stateMachineArn='m')", False, None),
        ("client('s3').put_object(Bucket='b', Key='k')", False, None),
    ],
)
def test_where_the_answer_of_a_call_is(application: Write, call: str, waits: bool, key: str | None) -> None:
    functions = "send: {handler: send.handler, events: [{httpApi: POST /x}]}"
    code = f"def handler(event, context):\n    boto3.{call}\n"
    (found,) = application("- {Effect: Allow, Action: '*', Resource: '*'}", functions, send=code).code.calls
    assert (has_answer(found), answer_key(found)) == (waits, key)
