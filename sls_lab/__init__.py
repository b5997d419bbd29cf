"""Find data flows that cross the handlers of a serverless Python application, one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sls_lab.app import App, analyse, load_app
    from sls_lab.template.model import Options
    from sls_lab.widgets.demo import demo

__all__ = ["App", "Options", "__version__", "analyse", "demo", "load_app"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load a name when it is first used: whoever needs one room does not wait for all of them."""
    if name in ("App", "analyse", "load_app"):
        from sls_lab import app

        return getattr(app, name)
    if name == "Options":
        from sls_lab.template.model import Options

        return Options
    if name == "demo":
        from sls_lab.widgets.demo import demo

        return demo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
