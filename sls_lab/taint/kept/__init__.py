"""Reports kept from run to run, and recordings beside applications."""
