"""CloudFormation's dialect, and SAM's on top of it."""
