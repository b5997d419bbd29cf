"""What a name in a template refers to: a pseudo parameter, a parameter or a resource."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sls_lab.aws import attributes as names
from sls_lab.aws.arn import ACCOUNT, PARTITION, arn_name, resource_arn
from sls_lab.facts import Pattern, Reason
from sls_lab.template.cloudformation.conditions import Resolve
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.cloudformation.substitution_syntax import Name, split_substitution
from sls_lab.template.shared.node import Node

NO_VALUE = "AWS::NoValue"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name refers to, and why."""

    value: Pattern | tuple[Node, ...]
    because: tuple[Reason, ...] = ()

    @property
    def pattern(self) -> Pattern | None:
        """The string; a list joined by commas, as CloudFormation passes it on."""
        if isinstance(self.value, Pattern):
            return self.value
        joined = Pattern.of()
        for index, item in enumerate(self.value):
            joined = Pattern.of(joined, "," if index else "", item.pattern or Pattern.any("?"))
        return joined


def referred_names(function: str, argument: Node) -> tuple[str, ...]:
    """The parameters and resources that an intrinsic function names itself, apart from the functions in it."""
    first = argument.items[0] if argument.items else argument
    if function in ("Ref", "Fn::GetAtt") and first.text is not None:
        return (first.text.partition(".")[0],)
    if function == "Fn::Sub" and first.pattern is not None:
        own = argument.items[1].mapping if len(argument.items) > 1 else {}
        pieces = (piece.text for piece in split_substitution(first.pattern) if isinstance(piece, Name))
        return tuple(text.partition(".")[0] for text in pieces if text not in own)
    return ()


def find_reference(name: str, scope: Scope, resolve: Resolve) -> Meaning | None:
    """What `Ref name` gives, None where nothing has that name."""
    pseudo = _pseudo_parameter(name, scope)
    if pseudo is not None:
        return Meaning(pseudo, (Reason(f"the pseudo parameter {name} is {pseudo}"),))
    if name in scope.parameters:
        return _parameter(name, scope.parameters[name], scope)
    if name in scope.implicit:
        added = scope.implicit[name]
        value = names.reference(added.type, added.name, scope.region)
        return Meaning(value, (Reason(f"the framework adds {name}, called {added.name}"),))
    if name in scope.resources:
        return _resource(name, scope, resolve)
    function, _, qualifier = name.partition(".")
    if qualifier in ("Alias", "Version") and type_of(function, scope) == "AWS::Serverless::Function":
        called, because = physical_name(function, scope, resolve)
        arn = resource_arn("lambda", called, region=scope.region)
        label = Pattern.fixed(f"{function}.{qualifier}")
        return Meaning(Pattern.of(arn, ":", label), because)
    return None


def find_attribute(name: str, key: str, scope: Scope, resolve: Resolve) -> Meaning | None:
    """What `Fn::GetAtt name.key` gives, None if there is no such resource.

    An attribute that the kit does not know is a string that is fixed for the deployment.
    """
    type_name = type_of(name, scope)
    if type_name is None:
        return None
    output = scope.given.nested.get(name, {}).get(key.removeprefix("Outputs."))
    if output is not None:
        return Meaning(output, (Reason(f"the nested stack {name} gives {output}"),))
    called, because = physical_name(name, scope, resolve)
    value = names.attribute(type_name, called, key, scope.region)
    if value is None:
        return Meaning(Pattern.fixed(f"{name}.{key}"), (Reason(f"{key} of {name} is known only once it is deployed"),))
    return Meaning(value, because)


def type_of(name: str, scope: Scope) -> str | None:
    """The CloudFormation type of the resource `name`, "" where it says none, None if there is no such resource."""
    if name in scope.implicit:
        return scope.implicit[name].type
    node = scope.resources.get(name)
    if node is None:
        return None
    written = node.get("Type")
    return (written.text if written else None) or ""


def physical_name(name: str, scope: Scope, resolve: Resolve) -> tuple[Pattern, tuple[Reason, ...]]:
    """The physical name of the resource `name` and the reasons; generated where the template writes none."""
    if name in scope.implicit:
        return scope.implicit[name].name, ()
    memory = scope.memory
    if name in memory.names:
        return memory.names[name]
    node = scope.resources[name]
    if name in memory.pending:
        message = f"The name of {name} depends on itself: write it out."
        scope.log.say("reference-cycle", message, node.span)
        return Pattern.generated(name), ()
    memory.pending.add(name)
    try:
        memory.names[name] = _name_as_written(name, node, scope, resolve)
    finally:
        memory.pending.discard(name)
    return memory.names[name]


def _name_as_written(name: str, node: Node, scope: Scope, resolve: Resolve) -> tuple[Pattern, tuple[Reason, ...]]:
    type_name = type_of(name, scope) or ""
    key = names.resource_type(type_name).name
    written = node.get("Properties", key) if key else None
    if written is not None:
        resolved = resolve(written)
        if resolved.pattern is not None:
            why = Reason(f"{name} ({type_name}) is called {resolved.pattern}", written.span)
            return resolved.pattern, (why, *resolved.because)
    why = Reason(f"{name} ({type_name}) has no name written: the deployment makes one up", node.span)
    return Pattern.generated(name, _beginning(name, type_name, scope)), (why,)


def _beginning(name: str, type_name: str, scope: Scope) -> Pattern:
    """What the deployment begins a made-up name with: the stack's name and the logical id.

    A bucket's name is in small letters; a state machine's is without the stack's.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    if type_name in ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"):
        return Pattern.of(name, "-")
    begins = Pattern.of(scope.stack, "-", name, "-")
    if type_name != "AWS::S3::Bucket":
        return begins
    return Pattern.of(*(part.lower() if isinstance(part, str) else part for part in begins.parts))


def _resource(name: str, scope: Scope, resolve: Resolve) -> Meaning:
    type_name = type_of(name, scope) or ""
    if type_name in ("AWS::Lambda::Alias", "AWS::Lambda::Version") and name not in scope.memory.pending:
        if name not in scope.memory.qualified:
            found = _qualified_function(name, type_name, scope, resolve)
            scope.memory.qualified[name] = found.pattern or Pattern.any(name), found.because
        return Meaning(*scope.memory.qualified[name])
    called, because = physical_name(name, scope, resolve)
    return Meaning(names.reference(type_name, called, scope.region), because)


def _qualified_function(name: str, type_name: str, scope: Scope, resolve: Resolve) -> Meaning:
    # `Ref` of an alias or a version gives the function's ARN with the qualifier.
    scope.memory.pending.add(name)
    try:
        properties = scope.resources[name].get("Properties") or Node(None, scope.resources[name].span)
        function = properties.get("FunctionName")
        alias = properties.get("Name") if type_name == "AWS::Lambda::Alias" else None
        called = resolve(function) if function else None
        qualifier = (resolve(alias).pattern if alias else None) or Pattern.fixed(f"{name} version")
    finally:
        scope.memory.pending.discard(name)
    function_name = called.pattern if called and called.pattern else Pattern.any(f"function of {name}")
    arn = resource_arn("lambda", arn_name("lambda", function_name), region=scope.region)
    return Meaning(Pattern.of(arn, ":", qualifier), called.because if called else ())


def _pseudo_parameter(name: str, scope: Scope) -> Pattern | None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html"""
    match name:
        case "AWS::Region":
            return scope.region
        case "AWS::AccountId":
            return ACCOUNT
        case "AWS::Partition":
            return PARTITION
        case "AWS::StackName":
            return scope.stack
        case "AWS::URLSuffix":
            return Pattern.of("amazonaws.com")
        case _ if name.startswith("AWS::") and name != NO_VALUE:
            return Pattern.fixed(name)
        case _:
            return None


def _parameter(name: str, node: Node, scope: Scope) -> Meaning:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html"""
    kind = _text(node.get("Type")) or "String"
    given = scope.params.get(name)
    default = node.get("Default")
    if given is not None:
        value, because = given, Reason(f"the parameter {name} was given as {given}")
    elif kind.startswith("AWS::SSM::Parameter::Value"):
        # The default is the path of the value in the parameter store, not the value.
        value = Pattern.fixed(name)
        because = Reason(f"the parameter {name} is read from the parameter store at deployment", node.span)
    elif default is not None and default.pattern is not None:
        value = default.pattern
        because = Reason(f"the parameter {name} is {value} by default", default.span)
    else:
        value = Pattern.fixed(name)
        because = Reason(f"the parameter {name} has no default: its value is given at deployment", node.span)
    hidden = node.get("NoEcho")
    if hidden is not None and str(hidden.pattern).lower() == "true":
        because = replace(because, text=f"{because.text}; it is a secret (NoEcho)", kind="secret")
    if value.known and (kind == "CommaDelimitedList" or kind.startswith("List<")):
        span = default.span if default else node.span
        return Meaning(
            tuple(Node(Pattern.of(item.strip()), span) for item in (value.text or "").split(",")), (because,)
        )
    return Meaning(value, (because,))


def _text(node: Node | None) -> str | None:
    return node.text if node else None
