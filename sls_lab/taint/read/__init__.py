"""From what Pysa stores to flows, step by step in the original files."""
