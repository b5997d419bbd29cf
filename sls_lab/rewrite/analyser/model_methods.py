"""What a model of pydantic inherits, written out field by field.

https://docs.pydantic.dev/latest/api/base_model/
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from sls_lab.rewrite.analyser.class_fields import Field

_OF_MAPPINGS: Final = ("model_validate", "parse_obj", "from_orm")
_OF_JSON: Final = ("model_validate_json", "parse_raw")
_TO_MAPPINGS: Final = ("model_dump", "dict")
_TO_JSON: Final = ("model_dump_json", "json")
_COPYING: Final = ("model_copy", "copy")


def model_methods(fields: Sequence[Field], wanted: Set[str]) -> list[str]:
    """The lines of those methods that are `wanted`. What is copied is not checked, nor converted, again."""
    lines: list[str] = []
    names = [name for one in fields for name in one.parameters]
    for method in _OF_MAPPINGS:
        if method in wanted:
            given = ", ".join(f"{name}=given[{name!r}] or given.{name}" for name in names)
            lines += ["@classmethod", f"def {method}(cls, given, **options):", f"    return cls({given})"]
    for method in _OF_JSON:
        if method in wanted:
            given = ", ".join(f"{name}=given" for name in names)
            lines += ["@classmethod", f"def {method}(cls, given, **options):", f"    return cls({given})"]
    for method in _TO_MAPPINGS:
        if method in wanted:
            kept = ", ".join(f"{name!r}: self.{one.name}" for one in fields for name in one.parameters)
            lines += [f"def {method}(self, **options):", f"    return {{{kept}}}"]
    for method in _TO_JSON:
        if method in wanted:
            kept = " + ".join(f"str(self.{one.name})" for one in fields)
            lines += [f"def {method}(self, **options):", f"    return {kept or 'str()'}"]
    for method in _COPYING:
        if method in wanted:
            lines += [
                f"def {method}(self, *, update={{}}, **options):",
                "    made = object.__new__(type(self))",
                *(f"    made.{one.name} = update[{one.name!r}] or self.{one.name}" for one in fields),
                "    return made",
            ]
    return lines
