"""Numbers of inputs/: units, values, uncertainty, sources, status, addresses."""
