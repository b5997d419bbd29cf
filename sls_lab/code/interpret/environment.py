"""What a handler finds in its environment."""

from __future__ import annotations

from sls_lab.aws.arn import REGION, resource_arn
from sls_lab.code.interpret.settled_event import EventWay, settled
from sls_lab.code.interpret.values import NONE, Because, Scalar, Text, Unknown, Value, shortened, text
from sls_lab.facts import Diagnostic, Pattern, Reason, Span
from sls_lab.template.model import Function, Variable

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
_OF_THE_RUNTIME = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONPATH",
        "TZ",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)


class Environment:
    """The environment variables of one function. `diagnostics` names those that the code reads undeclared."""

    def __init__(self, function: Function) -> None:
        """Nothing is read before it is asked for."""
        self._function = function
        self.diagnostics: dict[str, Diagnostic] = {}
        self._settled = settled(function)

    def part_of_event(self, way: EventWay, label: str, because: Because) -> Value:
        """A part of the event: what the triggers settle of it, else something unknown that knows the way to it."""
        found = self._settled.get(way)
        if found is None:
            return (Unknown(shortened(label), because, way=way),)
        return tuple(Text(one.pattern(label), (one.reason, *because)) for one in found)

    def fingerprint(self, name: str) -> Variable | Pattern | None:
        """What the value of a variable depends on; equal for two functions that see the same."""
        if name in ("AWS_LAMBDA_FUNCTION_NAME", "_HANDLER"):
            return self._function.deployed_name
        return self._function.environment.get(name)

    def read(self, name: str, default: Value | None, place: Diagnostic) -> Value:
        """The value of a variable; `default` is what the code takes where it is not set, None where it would fail.

        A declared variable has its value. One that is not declared has the default, or is unknown but the same for the
        whole deployment; `place` is then the note to give.
        """
        variable = self._function.environment.get(name)
        if variable is not None:
            because = (
                _reason(f"environment variable {name} of {self._function.name} is {variable.value}", variable.span),
                *variable.because,
            )
            return (Text(variable.value, because, deployed=True),)
        if name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            return text(REGION, (_reason(f"{name} is set by Lambda"),), deployed=True)
        if name == "AWS_LAMBDA_FUNCTION_NAME":
            return text(self._function.deployed_name, (_reason(f"{name} is set by Lambda"),), deployed=True)
        label = f'os.environ["{name}"]'
        because = (_reason(f"{name} is not in the environment of {self._function.name}"),)
        if name in _OF_THE_RUNTIME:
            return text(Pattern.fixed(label), because, deployed=True)
        self.diagnostics.setdefault(name, place)
        if default is None:
            return text(Pattern.fixed(label), because, deployed=True)
        if default == NONE:
            return (Scalar(None, "NoneType", label, because),)
        return tuple(
            Text(atom.pattern, (*because, *atom.because), deployed=True) if isinstance(atom, Text) else atom
            for atom in default
        )

    @property
    def arn(self) -> Pattern:
        """The function's own ARN."""
        return resource_arn("lambda", self._function.deployed_name)

    @property
    def name(self) -> Pattern:
        """The function's deployed name."""
        return self._function.deployed_name


def _reason(text: str, span: Span | None = None) -> Reason:
    return Reason(text, span, "environment")
