"""Edits that serve the analyser alone: the same program, written in forms that Pysa and Pyrefly follow."""
