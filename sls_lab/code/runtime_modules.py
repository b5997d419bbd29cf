"""The modules that Lambda's Python runtime has loaded before it imports a handler."""

from __future__ import annotations

from typing import Final

#: What the runtime's client imports, with what those modules import in turn, in Python 3.10 to 3.13 alike. An `import`
#: of one of them gives that module, whatever files of the same name the function brings.
#: Source: the imports of https://github.com/aws/aws-lambda-python-runtime-interface-client (bootstrap.py,
#: lambda_runtime_client.py, lambda_runtime_log_utils.py, lambda_runtime_marshaller.py).
LOADED_BEFORE: Final = frozenset(
    {"abc", "atexit", "builtins", "codecs", "collections", "concurrent", "contextlib", "copyreg", "decimal"}
    | {"encodings", "enum", "functools", "genericpath", "heapq", "importlib", "io", "itertools", "json", "keyword"}
    | {"linecache", "logging", "marshal", "math", "numbers", "operator", "os", "posix", "posixpath", "queue", "re"}
    | {"reprlib", "stat", "string", "sys", "threading", "time", "traceback", "types", "warnings", "weakref"}
    | {"zipimport"}
)
