"""Find data flows that cross the handlers of a serverless Python application, one step at a time."""

from sls_lab.app import App, analyse, load_app
from sls_lab.template.model import Options

__all__ = ["App", "Options", "__version__", "analyse", "load_app"]

__version__ = "0.1.0"
