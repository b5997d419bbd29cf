"""What a flow means: one rule and one kind of sink for each meaning, and Pysa's configuration made from them.

Content that is put into an object or a file travels beside its name by two of Pysa's taint transforms: `Stored` when
it is put there, `Loaded` when it is read again. The name of an object with dangerous content is thus not dangerous
itself, and what is read from it is. A rule therefore stands once for each number of times that the data was stored on
its way, since Pysa matches the whole sequence of transforms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sls_lab.taint.model import Rule
from sls_lab.taint.secret_rules import CATEGORY, SECRET_RULES, SECRETS

#: How often data may be put somewhere and read again on its way: a file, an object, a copy of it, another file, …
STORES: Final = 6

#: How precisely the parts of a value are kept apart, beyond Pysa's own limits. An event object is deep (in a loop over
#: `event["Records"]`, `["dynamodb"]["NewImage"]["profile"]["M"]["name"]["S"]` are eight steps) and an item may be wide.
#: https://pyre-check.org/docs/pysa-advanced/#tuning-the-analysis
_LIMITS: Final[Mapping[str, int]] = {
    "maximum_tree_depth_after_widening": 12,
    "maximum_return_access_path_depth_after_widening": 12,
    "maximum_return_access_path_width": 25,
    "maximum_tito_collapse_depth": 12,
    "maximum_model_tito_tree_width": 25,
}

#: The kinds of source: events that outsiders send, and keys in a listing of objects, which outsiders chose.
USER_CONTROLLED: Final = "UserControlled"
STORED_OBJECT_KEY: Final = "StoredObjectKey"

#: The transforms, and the functions of the staged support module that apply them.
STORED: Final = "Stored"
LOADED: Final = "Loaded"

#: The kinds of sink for data that was made safe for one place: what it passed takes other kinds from it and gives it
#: the feature `QUOTED`, so that its place can be judged.
QUOTED_COMMAND: Final = "QuotedCommand"
QUOTED_URL: Final = "QuotedUrl"
PLACED: Final = frozenset({QUOTED_COMMAND, QUOTED_URL})
QUOTED: Final = "quoted"

#: What one function leaves to another in a file, a variable or a store: a kind of sink where it is left and one of
#: source where it is found, each with the place's name, as in `KeptData[report_csv]`.
KEPT_DATA: Final = "KeptData"

#: Where keys from a listing are not a source: to publish a listing reveals nothing that was sent, and to delete or call
#: what was listed is what clean-up jobs are for.
_NOT_FROM_LISTINGS: Final = frozenset({"information-leak", "integrity", "privilege"})

#: What users entrusted to the application is what it writes to them and to others.
_NOT_FROM_STORES: Final = frozenset({"information-leak"})

_QUOTE = (
    "Give the program and its arguments as a list without a shell, or quote the data with shlex.quote and put no "
    "quotes around it."
)
_PARAMETERS = "Give the data as parameters of the statement instead of writing it into the statement."
_ALLOW_LIST = "Let the data choose from a fixed list of names instead of being the name."

#: Every rule; `name` is the kind of its sinks in the models, `code` the number of its first form (see `rule_of`).
RULES: Final[tuple[Rule, ...]] = (
    Rule(9100, "ShellCommand", "code-injection", "Data of an outsider in a shell command", "high", "CWE-78", _QUOTE),
    Rule(
        9110,
        "ProgramName",
        "code-injection",
        "An outsider chooses which program is run",
        "high",
        "CWE-78",
        _ALLOW_LIST,
    ),
    Rule(
        9120,
        "ShellScript",
        "code-injection",
        "Data of an outsider in a script given to a shell as an argument",
        "high",
        "CWE-78",
        _QUOTE,
    ),
    Rule(
        9130,
        "CodeEvaluation",
        "code-injection",
        "Data of an outsider is run as code",
        "high",
        "CWE-95",
        "Parse the data as data (json.loads, ast.literal_eval, a table of allowed operations) instead of running it.",
    ),
    Rule(
        9140,
        "RemoteCommand",
        "code-injection",
        "Data of an outsider in a command for another machine",
        "high",
        "CWE-77",
        "Keep the command fixed and quote or check every part that comes from outside.",
    ),
    Rule(
        9150,
        "Deserialisation",
        "deserialisation",
        "Data of an outsider is turned into arbitrary objects",
        "high",
        "CWE-502",
        "Use a format that holds data alone, such as JSON, or yaml.safe_load.",
    ),
    Rule(
        9160, "SqlStatement", "sql-injection", "Data of an outsider in an SQL statement", "high", "CWE-89", _PARAMETERS
    ),
    Rule(
        9170,
        "DynamoDbExpression",
        "nosql-injection",
        "Data of an outsider in a DynamoDB expression or filter",
        "high",
        "CWE-943",
        "Keep the expression fixed and give the data as ExpressionAttributeValues, or build it with Key and Attr.",
    ),
    Rule(
        9180,
        "PartiQlStatement",
        "nosql-injection",
        "Data of an outsider in a PartiQL statement",
        "high",
        "CWE-943",
        "Write ? in the statement and give the data as Parameters.",
    ),
    Rule(
        9190,
        "MongoFilter",
        "nosql-injection",
        "Data of an outsider in a MongoDB filter",
        "high",
        "CWE-943",
        "Turn the data into text or a number first, so that it cannot hold an operator such as $ne.",
    ),
    Rule(
        9200,
        "TemplateSource",
        "template-injection",
        "Data of an outsider is used as a template",
        "high",
        "CWE-1336",
        "Keep the template fixed and give the data as its variables.",
    ),
    Rule(
        9210,
        "SnsMessage",
        "information-leak",
        "Data of a user is sent to the subscribers of a topic",
        "medium",
        "CWE-201",
        "Send an identifier instead of the data, or make sure that only known parties subscribe to the topic.",
    ),
    Rule(
        9220,
        "MailMessage",
        "information-leak",
        "Data of a user is sent by mail",
        "medium",
        "CWE-201",
        "Send an identifier instead of the data, or make sure that it is the user's own address.",
    ),
    Rule(
        9230,
        "ObjectDeletion",
        "integrity",
        "An outsider chooses which stored object or item is deleted",
        "medium",
        "CWE-639",
        "Check that it belongs to the caller, or derive its key from the caller's identity.",
    ),
    Rule(
        9240,
        "FunctionCode",
        "integrity",
        "An outsider chooses the code of a function",
        "high",
        "CWE-94",
        "Deploy code from a source that the caller cannot choose.",
    ),
    Rule(
        9250,
        "FunctionConfiguration",
        "integrity",
        "An outsider chooses how a function is set up",
        "high",
        "CWE-15",
        _ALLOW_LIST,
    ),
    Rule(
        9260,
        "FileAccess",
        "path-traversal",
        "An outsider chooses which file is opened",
        "medium",
        "CWE-22",
        "Take os.path.basename of the name, or check that the resolved path lies in the intended folder.",
    ),
    Rule(
        9270,
        "FileRemoval",
        "path-traversal",
        "An outsider chooses which file is removed or moved",
        "medium",
        "CWE-22",
        "Take os.path.basename of the name, or check that the resolved path lies in the intended folder.",
    ),
    Rule(
        9280,
        "ArchiveExtraction",
        "path-traversal",
        "An archive of an outsider is unpacked",
        "medium",
        "CWE-22",
        'Unpack with filter="data", which keeps every member in the folder.',
    ),
    Rule(
        9290,
        "RequestUrl",
        "ssrf",
        "An outsider chooses where a request goes",
        "medium",
        "CWE-918",
        "Keep the host fixed, or compare it with a list of allowed hosts.",
    ),
    Rule(
        9300,
        "AccessPolicy",
        "privilege",
        "An outsider chooses what a policy allows",
        "high",
        "CWE-269",
        _ALLOW_LIST,
    ),
    Rule(
        9310, "AssumedRole", "privilege", "An outsider chooses which role is taken on", "high", "CWE-269", _ALLOW_LIST
    ),
    Rule(
        9320,
        "UserGroup",
        "privilege",
        "An outsider chooses the group or the attributes of an account",
        "high",
        "CWE-269",
        "Decide the group from what the application knows of the user, not from the request.",
    ),
    Rule(
        9330,
        "InvokedFunction",
        "privilege",
        "An outsider chooses which function or state machine is started",
        "medium",
        "CWE-470",
        _ALLOW_LIST,
    ),
    Rule(
        9350,
        QUOTED_COMMAND,
        "code-injection",
        "Data of an outsider is quoted for a shell, but not in its place",
        "high",
        "CWE-78",
        "Put the result of shlex.quote where a word of the command is, without quotes around it: it brings its own.",
    ),
    Rule(
        9360,
        QUOTED_URL,
        "ssrf",
        "Data of an outsider is encoded for a URL, but chooses the host",
        "medium",
        "CWE-918",
        "Keep the host fixed, or compare it with a list of allowed hosts: encoding keeps letters and dots.",
    ),
    Rule(9340, "SecretName", "privilege", "An outsider chooses which secret is read", "medium", "CWE-639", _ALLOW_LIST),
    *SECRET_RULES,
)

#: Not a flow of its own, but half of one.
KEEPING: Final = Rule(9090, KEPT_DATA, "kept-file", "Data is left to another function in a local file", "low", "", "")

#: Not a flow either, but where one may go on unseen.
OPEN_CALL: Final = Rule(9080, "UnknownCallee", "open-call", "What is called with the data is not known", "low", "", "")

_RULE_BY_CODE: Final[Mapping[int, Rule]] = {
    rule.code + stores: rule for rule in (KEEPING, OPEN_CALL, *RULES) for stores in range(STORES + 1)
}


def rule_of(code: int) -> Rule:
    """The rule of an issue's code, whose last digit says how often the data was stored; `KeyError` for any other."""
    return _RULE_BY_CODE[code]


def sources_of(rule: Rule, *, stored: bool = False) -> tuple[str, ...]:
    """The kinds of source from which a flow to the rule's sinks counts; `stored` where it comes through a store."""
    if stored and rule.category in _NOT_FROM_STORES:
        return ()
    if rule.category == CATEGORY:
        return tuple(SECRETS)
    if rule.category in _NOT_FROM_LISTINGS:
        return (USER_CONTROLLED,)
    return (USER_CONTROLLED, STORED_OBJECT_KEY)


def taint_config(
    rules: Iterable[Rule] = RULES, features: Iterable[str] = (QUOTED,), stores: int = STORES
) -> dict[str, Any]:
    """The content of Pysa's `taint.config` for `rules`.

    `features` are names that models give with `Via[…]`; `stores` is how often data may be stored on its way. See
    https://pyre-check.org/docs/pysa-running and https://pyre-check.org/docs/pysa-advanced.
    """
    chosen = tuple(rules)
    return {
        "comment": "Generated by sls_lab.taint.rules",
        "sources": [
            {"name": USER_CONTROLLED},
            {"name": STORED_OBJECT_KEY},
            *({"name": kind} for kind in SECRETS),
            {"name": KEPT_DATA, "kind": "parametric"},
        ],
        # The models speak of every kind, so that all are declared whatever rules are asked for.
        "sinks": [*({"name": rule.name} for rule in (OPEN_CALL, *RULES)), {"name": KEPT_DATA, "kind": "parametric"}],
        "features": [{"name": name} for name in features],
        "transforms": [{"name": STORED}, {"name": LOADED}],
        "options": dict(_LIMITS),
        "rules": [
            {
                "name": rule.title,
                "code": rule.code + count,
                "sources": [*sources_of(rule), *(() if rule.category == CATEGORY else (KEPT_DATA,))],
                "transforms": [STORED, LOADED] * count,
                "sinks": [rule.name],
                "message_format": f"{rule.title}: [{{$sources}}] reaches [{{$sinks}}]",
            }
            for rule in (KEEPING, OPEN_CALL, *chosen)
            for count in range(stores + 1)
        ],
    }
