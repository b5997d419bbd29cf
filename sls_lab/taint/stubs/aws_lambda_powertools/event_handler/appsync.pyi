from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

class Router:
    current_event: Any
    context: Any
    def resolver(self, type_name: Any = ..., field_name: Any = ..., **kwargs: Any) -> Callable[[_F], _F]: ...

class AppSyncResolver(Router):
    def resolve(self, event: Any, context: Any, data_model: Any = ...) -> Any: ...
    def include_router(self, router: Any) -> None: ...
