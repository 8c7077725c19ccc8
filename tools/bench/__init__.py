"""The benchmarks: ./dev bench, with ``checks`` for the engines and ``faces`` for the service."""
