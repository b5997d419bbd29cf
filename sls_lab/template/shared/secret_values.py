"""Which values of a deployment are secrets: by what the template says of them, by their form, or by their name."""

from __future__ import annotations

import re

from sls_lab.facts import Reason
from sls_lab.template.model import Variable

#: Names of what must not be known. `SECRET_NAME`, `TOKEN_URL` and the like end in something else.
_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|secret|token|credentials?|(?:api|auth|secret|private|access|signing)_?key|secret_string)$"
)
#: Values that are secrets under any name: keys of well-known services, private keys, addresses with a password.
_KNOWN = re.compile(
    r"\b(?P<key>AKIA[0-9A-Z]{16}|sk_live_[0-9A-Za-z]{16,}|gh[pousr]_[0-9A-Za-z]{36}|xox[abprs]-[0-9A-Za-z-]{10,})\b"
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/]{20}"
    r"|\b[a-z][a-z0-9+.-]*://[^\s/:@{}<>$]+:(?P<password>[^\s/:@{}<>$]{3,})@"
)
_PLACEHOLDER = re.compile(r"change|example|placeholder|dummy|sample|your|todo|xxx|\*\*\*|\.\.\.", re.IGNORECASE)
_REFERENCE = ("arn:", "/", "{{", "${", "<", "%", "http://", "https://", "ssm:", "s3:")
#: CloudFormation replaces such a string by the secret when it deploys
#: (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).
_DYNAMIC = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):")
#: Sources of the Serverless Framework from which a value named as a secret is one.
_GIVEN_LATER = re.compile(r"^(?:ssm|env|param|opt|aws|cf|file|s3)\b")


def is_written_secret(name: str, text: str) -> bool:
    """Whether the string `text`, which is called `name`, is a secret that is written out."""
    for known in _KNOWN.finditer(text):
        # A word beside the key, such as the host's name, says nothing about the key.
        if not _PLACEHOLDER.search(known["key"] or known["password"] or ""):
            return True
    return not _PLACEHOLDER.search(text) and names_secret(name) and _looks_chosen(text)


def names_secret(name: str) -> bool:
    """Whether a name says that what it means must not be known: `DB_PASSWORD`, `apiKey`, `token`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]", "_", name).lower()
    return _NAME.search(words) is not None


def secret_reason(variable: Variable) -> Reason | None:
    """Why an environment variable's value is a secret, None where nothing says so.

    It is one where the template says so (a parameter with `NoEcho`), where the deployment takes it from a store of
    secrets, and where both its name and its value look like one; a value that only the deployment knows decides
    nothing against the name, unless it is the name of a resource.
    """
    declared = next((reason for reason in variable.because if reason.kind == "secret"), None)
    if declared is not None:
        return declared
    text = variable.value.text
    if _DYNAMIC.search(str(variable.value)):
        return Reason(f"{variable.name} is taken from a store of secrets at deployment", variable.span, "secret")
    if text is not None and is_written_secret(variable.name, text):
        return Reason(f"{variable.name} is named as a secret and holds one", variable.span, "secret")
    if text is None and names_secret(variable.name) and _is_given_later(variable):
        return Reason(f"{variable.name} is named as a secret and given at deployment", variable.span, "secret")
    return None


def _is_given_later(variable: Variable) -> bool:
    holes = variable.value.holes
    return len(variable.value.parts) == 1 and all(_GIVEN_LATER.match(hole.label) for hole in holes)


def _looks_chosen(text: str) -> bool:
    """Whether a string looks like a password or key: a word, a number, a path or a name of something does not."""
    if len(text) < 6 or text.startswith(_REFERENCE) or re.search(r"\s", text) or text.replace(".", "").isdigit():
        return False
    if "/" in text and all(re.fullmatch(r"[a-z0-9_-]+", part) for part in text.split("/")):
        return False  # the name of a secret: prod/database
    return any(character.isdigit() or character in "!#$&*+=?@^~" for character in text)
