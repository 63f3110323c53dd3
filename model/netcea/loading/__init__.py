"""Loading: from YAML and CSV files to a frozen `netcea.scenario.scenario.Scenario`."""

from netcea.loading.load import load, resolve
from netcea.loading.merged import overlay, read_merged

__all__ = ["load", "overlay", "read_merged", "resolve"]
