"""The folder that Pysa reads: sources, stubs and models. Nothing is edited here."""
