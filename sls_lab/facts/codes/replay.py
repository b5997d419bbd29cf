"""Codes of notes on a replay: what happened to a handler, a store or an event that a reader should know."""

from __future__ import annotations

from typing import Final

from sls_lab.facts.codes.model import RegisteredCode

REPLAY: Final = (
    RegisteredCode(
        "replay-cut-short",
        "warning",
        "The process that runs the handlers was ended",
        "A handler ended its process, took more than it may, or could not be stopped in time. The rest is kept.",
        "Look at the last hop: its place is where the process was ended.",
        "while True: pass",
    ),
    RegisteredCode(
        "too-many-hops",
        "warning",
        "The application goes round",
        "The handlers wake one another without an end, so that the replay was ended at its bound of hops.",
        "Make sure that the circle ends, or let a function write elsewhere than where it listens.",
        "events: [{s3: photos}]   # and the handler writes to photos",
    ),
    RegisteredCode(
        "threads-left",
        "note",
        "A handler leaves threads that still run",
        "Lambda freezes what still runs when a handler has answered. Here it goes on, within its limits, until the "
        "next request.",
        "Wait for the threads before the handler returns.",
        "Thread(target=send).start()\nreturn answer",
    ),
    RegisteredCode(
        "handler-not-run",
        "warning",
        "A function that a request names is not run",
        "There is no function of that name, or it has no Python file.",
        "Give one of the names in the message.",
        "sls-lab replay my-app --at nobody",
    ),
    RegisteredCode(
        "outside-call-failed",
        "warning",
        "A call from outside the application fails",
        "A request begins with a call of AWS, such as an upload, and the simulated AWS refuses it.",
        "Correct the call: the message has the words of the simulation.",
        "given: [{service: s3, api: put_object, arguments: {Bucket: nobodys, Key: a}}]",
    ),
    RegisteredCode(
        "store-not-made",
        "warning",
        "A bucket, table or queue could not be made",
        "The template declares a store that the simulated AWS refuses. Handlers that use it fail.",
        "Correct the resource: the message has the words of the simulation.",
        "BucketName: Not_A_Bucket",
    ),
    RegisteredCode(
        "answer-refused",
        "note",
        "An answer that AWS refuses",
        "A REST API or a load balancer takes a mapping with a status code and a string as its body; nothing else.",
        "Return {'statusCode': 200, 'body': '…'}.",
        "return {'body': {'a': 1}}",
    ),
    RegisteredCode(
        "api-not-simulated",
        "note",
        "A call that the simulation lacks",
        "moto does not know the call, so it was answered by an empty response of the documented shape.",
        "Nothing to do; what the handler makes of the answer is not what it would make of a real one.",
        'boto3.client("translate").translate_text(...)',
    ),
    RegisteredCode(
        "boto3-replaced",
        "note",
        "A handler replaces boto3",
        "The handler has put something else in the place of boto3 or of a function of it.",
        "Nothing to do: it is put back before the next handler runs.",
        "boto3.client = other",
    ),
    RegisteredCode(
        "folder-changed",
        "note",
        "A handler changes its folder",
        "The working directory of a process that is kept warm stays changed for the next event.",
        "Use absolute paths; in a replay each handler starts in its own folder.",
        'os.chdir("/tmp")',
    ),
    RegisteredCode(
        "execution-failed",
        "note",
        "A state machine's execution fails",
        "A task or a state failed, and no Catch of the state takes it.",
        "Look at the hop: the message has the name of the error and its cause.",
        "Error: States.Runtime",
    ),
    RegisteredCode(
        "given-up",
        "note",
        "An event is given up",
        "The handler failed on each of three tries, as Lambda makes them.",
        "Look at the hop's error; declare a dead-letter queue or a destination where the event must not be lost.",
        "raise ValueError",
    ),
    RegisteredCode(
        "dead-letter",
        "note",
        "An event goes to a dead-letter queue",
        "The handler failed on each of its tries, and the queue that the template names takes the event.",
        "Nothing to do.",
        "RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}",
    ),
    RegisteredCode(
        "dead-letter-lost",
        "note",
        "A dead-letter queue takes nothing",
        "The queue that the template names for failed events is not there in the simulation.",
        "Declare the queue in the template.",
        "deadLetterTargetArn: arn:aws:sqs:eu-west-1:111122223333:elsewhere",
    ),
)
