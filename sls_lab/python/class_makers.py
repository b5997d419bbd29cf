"""What makes the constructor of a class out of the fields that its body declares: libraries, by their names.

https://docs.python.org/3/library/dataclasses.html, https://www.attrs.org/en/stable/api.html,
https://docs.pydantic.dev/latest/concepts/models/, https://jcristharif.com/msgspec/structs.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Maker = Literal["dataclass", "attrs", "model", "struct"]

#: Base classes whose subclasses are models of pydantic.
MODELS: Final = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "aws_lambda_powertools.utilities.parser.BaseModel",
        "sqlmodel.SQLModel",
    }
)
#: Base classes whose subclasses are structs of msgspec.
STRUCTS: Final = frozenset({"msgspec.Struct"})
#: The decorators of pydantic's data classes, which check the types of their fields, and of all data classes.
MODEL_DATA_CLASSES: Final = frozenset({"pydantic.dataclasses.dataclass"})
DATA_CLASSES: Final = MODEL_DATA_CLASSES | {"dataclasses.dataclass"}
#: The decorators of attrs. `OLDER_ATTRS` keep no field that is only annotated, if they are not told to.
OLDER_ATTRS: Final = frozenset({"attr.s", "attr.attrs", "attr.attributes"})
ATTRS: Final = OLDER_ATTRS | {
    f"{package}.{name}" for package in ("attr", "attrs") for name in ("define", "mutable", "frozen", "dataclass")
}
#: What declares a field of attrs.
ATTRS_FIELDS: Final = frozenset({"attr.ib", "attr.attr", "attr.attrib", "attr.field", "attrs.field"})
#: What makes a method check or convert fields of a model, named in its arguments.
FIELD_CHECKS: Final = frozenset({"pydantic.field_validator", "pydantic.validator"})
#: Which method each one calls when the object is made.
CALLED_AFTER: Final[Mapping[Maker, str]] = {
    "dataclass": "__post_init__",
    "attrs": "__attrs_post_init__",
    "model": "model_post_init",
    "struct": "__post_init__",
}
