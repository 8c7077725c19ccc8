"""The voice: who is told of an incident, in which words, over which channel."""
