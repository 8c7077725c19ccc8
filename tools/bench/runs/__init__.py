"""Runs of the real service: how soon, how many a second, how late, and what happens at a death."""
