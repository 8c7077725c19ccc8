"""Other tools on the same work: what they are given, how they run, and what they say."""
