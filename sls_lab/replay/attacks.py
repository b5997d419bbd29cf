"""Attacks for each kind of sink: short strings that hold a harmless marker with what would give it power.

The marker is a word that means nothing anywhere; no attack does anything even where it is carried out.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from typing import Final

MARKER: Final = "slslab7"

#: Out of no quotes, single ones, double ones, quotes in quotes, a line; then without spaces, and by all that joins or
#: holds commands, so that a check for one of these characters is not enough.
_SHELL: Final = (
    f"a; {MARKER}; ",
    f"a'; {MARKER}; '",
    f'a"; {MARKER}; "',
    f"$({MARKER})",
    f"a\"'; {MARKER}; '\"",
    f"'\"; {MARKER}; \"'",
    f"a\n{MARKER}\n",
    f"';{MARKER};'",
    f"'|{MARKER}|'",
    f"'&{MARKER}&'",
    f"'\n{MARKER}\n'",
    f"'$({MARKER})'",
    f"`{MARKER}`",
    f"'`{MARKER}`'",
)
_CODE: Final = (
    MARKER,
    f"0 or {MARKER}",
    f"') or {MARKER} or ('",
    f'") or {MARKER} or ("',
    f"'\n{MARKER}\n'",
    f"print({MARKER})",
)
_STATEMENT: Final = (
    f"' or {MARKER} or '",
    f'" or {MARKER} or "',
    f"0 or {MARKER}",
    f"') or {MARKER} or ('",
    f"x' {MARKER} --",
)
_PATH: Final = (f"../{MARKER}", f"x/../../{MARKER}", f"../../../../{MARKER}", f"/{MARKER}")
_ADDRESS: Final = (f"http://{MARKER}.example/", f"{MARKER}.example", f"@{MARKER}.example/", f".{MARKER}.example/")
_CALL: Final = f"c{MARKER}\ncall\n(tR."
_OBJECT: Final = (
    base64.b64encode(_CALL.encode("ascii")).decode("ascii"),
    _CALL,
    f"!!python/object/apply:{MARKER}.call []",
    f"[!!python/object/apply:{MARKER}.call []]",
)
_PLAIN: Final = (MARKER,)


#: By the name of a rule of the taint room: the kinds of dangerous call that are its sinks, and the attacks to try.
ATTACKS: Final[Mapping[str, tuple[frozenset[str], tuple[str, ...]]]] = {
    "ShellCommand": (frozenset({"shell"}), _SHELL),
    "ShellScript": (frozenset({"shell"}), _SHELL),
    "QuotedCommand": (frozenset({"shell"}), _SHELL),
    "ProgramName": (frozenset({"program", "shell"}), _PLAIN),
    "CodeEvaluation": (frozenset({"code"}), _CODE),
    "RemoteCommand": (frozenset({"remote"}), _PLAIN),
    "Deserialisation": (frozenset({"pickle", "yaml"}), _OBJECT),
    "SqlStatement": (frozenset({"sql"}), _STATEMENT),
    "DynamoDbExpression": (frozenset({"nosql"}), (f"{MARKER} = :value", MARKER)),
    "PartiQlStatement": (frozenset({"partiql"}), _STATEMENT),
    "TemplateSource": (frozenset({"template"}), (f"{{{{ {MARKER} }}}}", f"}}}}{{{{ {MARKER} }}}}")),
    "SnsMessage": (frozenset({"message"}), _PLAIN),
    "MailMessage": (frozenset({"mail"}), _PLAIN),
    "ObjectDeletion": (frozenset({"deletion"}), _PLAIN),
    "FunctionCode": (frozenset({"function-code"}), _PLAIN),
    "FunctionConfiguration": (frozenset({"function-configuration"}), _PLAIN),
    "FileAccess": (frozenset({"file"}), _PATH),
    "FileRemoval": (frozenset({"file-removal"}), _PATH),
    "RequestUrl": (frozenset({"url"}), _ADDRESS),
    "QuotedUrl": (frozenset({"url"}), _ADDRESS),
    "AccessPolicy": (frozenset({"policy"}), _PLAIN),
    "AssumedRole": (frozenset({"role"}), _PLAIN),
    "UserGroup": (frozenset({"group"}), _PLAIN),
    "InvokedFunction": (frozenset({"invocation"}), _PLAIN),
    "SecretName": (frozenset({"secret"}), _PLAIN),
}


def attacks_on(kinds: Collection[str]) -> tuple[str, ...]:
    """The attacks to try on dangerous calls of some kinds, each once."""
    return tuple(dict.fromkeys(one for known, tried in ATTACKS.values() if known & {*kinds} for one in tried))
