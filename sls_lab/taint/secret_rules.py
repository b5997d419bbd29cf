"""What a flow from a secret means: one rule for each place in which a secret does not belong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sls_lab.taint.model import Rule

CATEGORY: Final = "secret-exposure"

#: The kinds of source that give secrets, each with what it is called.
SECRETS: Final[Mapping[str, str]] = {
    "SecretValue": "a value from Secrets Manager",
    "SecureParameter": "a decrypted parameter",
    "SecretVariable": "a secret of the environment",
    "DecryptedData": "data decrypted by KMS",
}

#: The kind of sink that a handler's result is where it goes back to whoever sent a request.
RESPONSE: Final = "HttpResponse"

_LEAVE_OUT = "Leave the secret out, or write a name for it that reveals nothing."

SECRET_RULES: Final = (
    Rule(9400, "LogMessage", CATEGORY, "A secret is written to the log", "medium", "CWE-532", _LEAVE_OUT),
    Rule(9410, RESPONSE, CATEGORY, "A secret is part of a response", "high", "CWE-200", _LEAVE_OUT),
    Rule(
        9420,
        "SentMessage",
        CATEGORY,
        "A secret is sent in a message",
        "medium",
        "CWE-201",
        "Send the secret's name, and let whoever receives the message fetch it with permissions of their own.",
    ),
    Rule(
        9430,
        "StoredValue",
        CATEGORY,
        "A secret is stored where it is not kept as one",
        "medium",
        "CWE-312",
        "Store the secret's name, or encrypt it with a key of your own (SSM SecureString, Secrets Manager, KMS).",
    ),
    Rule(
        9440,
        "RequestBody",
        CATEGORY,
        "A secret is sent to another host",
        "medium",
        "CWE-201",
        "Send it to the service it belongs to alone, in an Authorization header.",
    ),
    Rule(
        9450,
        "ProcessArgument",
        CATEGORY,
        "A secret is an argument of a program, which every process of the machine can read",
        "medium",
        "CWE-214",
        "Hand the secret over in the program's input or its environment.",
    ),
)
