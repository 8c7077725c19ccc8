"""Processes of their own, so that each thing is measured alone; every one is given a JSON file."""
