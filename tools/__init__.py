"""What developers run: the gate, the benchmarks, the floor of agreements."""
