"""The shelf: rows in, values out. The only package that knows the tables."""
