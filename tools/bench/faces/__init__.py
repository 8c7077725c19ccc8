"""``./dev bench faces``: how fast the service answers, and how soon the command line does."""
