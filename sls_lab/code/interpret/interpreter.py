"""The interpreter, put together from its parts, and its one entry: run a handler."""

from __future__ import annotations

from sls_lab.code.interpret.attributes import Attributes
from sls_lab.code.interpret.boto_calls import BotoCalls
from sls_lab.code.interpret.branches import Branches
from sls_lab.code.interpret.calls import Calls
from sls_lab.code.interpret.definitions import Definitions
from sls_lab.code.interpret.dispatching import Dispatching
from sls_lab.code.interpret.elements import Elements
from sls_lab.code.interpret.expressions import Expressions
from sls_lab.code.interpret.functions import Functions
from sls_lab.code.interpret.instances import Instances
from sls_lab.code.interpret.library import Library
from sls_lab.code.interpret.literals import Displays
from sls_lab.code.interpret.loading import Loading
from sls_lab.code.interpret.loops import Loops
from sls_lab.code.interpret.operators import Operators
from sls_lab.code.interpret.statements import Statements


class Interpreter(
    Statements,
    Branches,
    Loops,
    Definitions,
    Dispatching,
    Expressions,
    Displays,
    Operators,
    Attributes,
    Elements,
    Calls,
    Instances,
    Library,
    BotoCalls,
    Functions,
    Loading,
):
    """Runs modules and handlers of one function of the template on abstract values."""
