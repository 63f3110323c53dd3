"""The same inputs through state-transition models, beside partitioned survival (NICE DSU TSD 19)."""
