"""The tables, by what they are about. Products, contracts and connections have names for keys."""
