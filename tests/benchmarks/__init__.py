"""How quick the program is, in one table: `python tests/benchmarks`."""
