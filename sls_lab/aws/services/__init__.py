"""One file of facts for each service; `sls_lab.aws.registry` finds them without a list."""
