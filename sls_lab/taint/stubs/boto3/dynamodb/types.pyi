from typing import Any

class Binary:
    value: Any
    def __init__(self, value: Any) -> None: ...

class TypeSerializer:
    def serialize(self, value: Any) -> Any: ...

class TypeDeserializer:
    def deserialize(self, value: Any) -> Any: ...
