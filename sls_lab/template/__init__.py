"""Room 1: a serverless application's templates, read into functions, triggers, resources and permissions."""

from sls_lab.template.model import Options, Template
from sls_lab.template.read import find_applications, read_template

__all__ = ["Options", "Template", "find_applications", "read_template"]
