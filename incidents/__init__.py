"""The memory of trouble: breaches and incidents, each change a pure step."""
