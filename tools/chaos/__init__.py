"""The chaos harness: kill and freeze a real service at random, then count what it lost."""
