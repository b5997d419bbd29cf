"""What the kit knows of Python's syntax and scopes: parsing, walking, positions and bindings."""
