from typing import Any

class HTTPAdapter:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
