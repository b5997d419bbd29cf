"""Databases: drivers that take every statement down and find no rows, in place of the real ones.

A driver that is not installed is there all the same, since none connects to anything: the interface is the one of
https://peps.python.org/pep-0249/.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Final

from sls_lab.replay.child.network import Network
from sls_lab.replay.child.recorder import Recorder

#: The drivers by module, with the exceptions that each has beside those of the specification.
DRIVERS: Final = {
    "sqlite3": (),
    "pymysql": ("MySQLError",),
    "MySQLdb": ("MySQLError",),
    "mysql.connector": ("PoolError",),
    "psycopg2": (),
    "psycopg": (),
    "pg8000": (),
    "pyodbc": (),
    "aurora_data_api": (),
}
MODULES: Final = ("converters", "cursors", "err", "errors", "extras", "pooling", "rows", "sql")
_STATEMENT: Final = ("query", "operation", "sql", "statement")
_NO_SERVICE: Final = 500  #: the lowest HTTP status that says that a host cannot do its work
_UNREACHED: Final = 2003  #: https://dev.mysql.com/doc/mysql-errors/8.0/en/client-error-reference.html
_ERRORS: Final = {
    "Warning": "Exception",
    "Error": "Exception",
    "InterfaceError": "Error",
    "DatabaseError": "Error",
    "DataError": "DatabaseError",
    "OperationalError": "DatabaseError",
    "IntegrityError": "DatabaseError",
    "InternalError": "DatabaseError",
    "ProgrammingError": "DatabaseError",
    "NotSupportedError": "DatabaseError",
}


class Databases:
    """Puts the drivers into the table of modules, where an import finds them."""

    def __init__(self, recorder: Recorder, network: Network) -> None:
        self._recorder, self._network = recorder, network

    def install(self) -> None:
        """Take the place of each driver."""
        for name, errors in DRIVERS.items():
            parent, _, child = name.rpartition(".")
            module = Driver(name, self._recorder, self._network, errors)
            if parent:
                sys.modules[parent] = ModuleType(parent)
                setattr(sys.modules[parent], child, module)
            sys.modules[name] = module
            for inner in MODULES:
                sys.modules[f"{name}.{inner}"] = module


class Driver(ModuleType):
    """A driver. What it is not known to have is a class without contents, for cursors and rows of other shapes."""

    def __init__(self, name: str, recorder: Recorder, network: Network, errors: tuple[str, ...]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.apilevel, self.threadsafety, self.paramstyle = "2.0", 1, "format"
        made: dict[str, type[BaseException]] = {"Exception": Exception}
        for error, base in _ERRORS.items():
            made[error] = type(error, (made[base],), {"__module__": name})
            setattr(self, error, made[error])
        for error in errors:
            # The specification's errors are kinds of the driver's own, so that either name catches them.
            setattr(self, error, made["Error"])

        def connect(*_: Any, **__: Any) -> Connection:
            if network.status >= _NO_SERVICE and name != "sqlite3":  # which is a file and no other host
                raise made["OperationalError"](_UNREACHED, "Can't connect to the database server")
            return Connection(name, recorder)

        for word in ("connect", "Connect", "Connection", "connection"):
            setattr(self, word, connect)
        for word in MODULES:
            setattr(self, word, self)
        self.escape_string = _escaped

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind = type(name, (str,), {})
        setattr(self, name, kind)
        return kind


class Connection:
    """An open connection: statements go to cursors, or to itself as in sqlite3."""

    def __init__(self, driver: str, recorder: Recorder) -> None:
        self._driver, self._recorder = driver, recorder

    def cursor(self, *_: Any, **__: Any) -> Cursor:
        """A new cursor."""
        return Cursor(self._driver, self._recorder)

    def execute(self, *given: Any, **named: Any) -> Cursor:
        """A statement on a cursor of its own."""
        return self.cursor().execute(*given, **named)

    def executemany(self, *given: Any, **named: Any) -> Cursor:
        """The same with several rows."""
        return self.cursor().execute(*given, **named)

    def executescript(self, script: Any) -> Cursor:
        """Several statements."""
        return self.cursor().execute(script)

    def escape(self, value: Any, *_: Any) -> str:
        """A value as a literal of SQL."""
        return f"'{_escaped(value)}'" if isinstance(value, str) else str(value)

    literal = escape

    def escape_string(self, value: str) -> str:
        """The contents of a literal of SQL."""
        return _escaped(value)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


def _escaped(value: str, *_: Any) -> str:
    """https://dev.mysql.com/doc/refman/8.4/en/string-literals.html"""
    return value.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')


class Cursor:
    """A cursor that finds no rows."""

    rowcount = 0
    lastrowid = 1
    description: Any = ()
    arraysize = 1

    def __init__(self, driver: str, recorder: Recorder) -> None:
        self._driver, self._recorder = driver, recorder

    def execute(self, *given: Any, **named: Any) -> Cursor:
        """Tell a statement and its parameters, which each driver calls by names of its own."""
        statement = given[0] if given else next((named.pop(word) for word in _STATEMENT if word in named), "")
        parameters = next(iter([*given[1:], *named.values()]), None)
        text = statement.decode("utf-8", "backslashreplace") if isinstance(statement, bytes) else str(statement)
        self._recorder.danger("sql", f"{self._driver}.execute", text, parameters=parameters)
        return self

    executemany = execute
    executescript = execute
    mogrify = execute

    def fetchone(self) -> None:
        """No row."""

    def fetchall(self) -> list[Any]:
        """No rows."""
        return []

    def fetchmany(self, *_: Any) -> list[Any]:
        """No rows."""
        return []

    def __iter__(self) -> Any:
        return iter(())

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        """Nothing is open."""
