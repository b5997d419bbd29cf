"""Roles, policies and whether they let a call pass, for both dialects."""
