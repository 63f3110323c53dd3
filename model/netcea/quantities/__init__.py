"""Numbers of inputs/: values, units, sources, status, addresses. Imports uncertainty and what it stands on."""
