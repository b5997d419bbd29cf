"""One class for each service; `sls_lab.services.registry` finds them without a list."""
