"""The door: tokens, what each may do, and the record of what was done. Pure."""
