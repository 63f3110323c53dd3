"""Loading: from YAML and CSV files to a frozen `netcea.scenario.scenario.Scenario`, one way through.

`reading` (files as plain data) -> `merging` (what extends, sets and prices say, laid over each other) -> `checks`
(blocks, names, plausible numbers) -> `resolving` (numbers, tables, curves); `load` is the whole way on one page, and
`messages` are what a user is told. Comes in: the name of a scenario, changes, and prices as a transform: nothing here
knows price layers.
"""

from netcea.loading.load import load, resolve
from netcea.loading.merging.draft import overlay, read_draft

__all__ = ["load", "overlay", "read_draft", "resolve"]
