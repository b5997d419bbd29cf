"""Run by IPython when a kernel starts, in the namespace of the notebook."""

from importlib import import_module

import_module("sls_lab_browser").prepare()
del import_module
