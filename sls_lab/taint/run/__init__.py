"""Run Pyrefly and Pysa, and check that they work."""
