"""What notebooks show: each widget is a view of one application, drawn in the browser from a model in Python."""

from sls_lab.widgets.editor import Editor

__all__ = ["Editor"]
