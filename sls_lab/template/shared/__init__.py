"""What both dialects are read with: files, trees, state machines, and what stacks give each other."""
