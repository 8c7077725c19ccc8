"""The benchmarks: ``./dev bench``, and ``./dev bench checks`` for the engines."""
