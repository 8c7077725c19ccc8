"""The terminal: one module per group of commands, each a thin call."""
