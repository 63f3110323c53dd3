"""The version of netcea, which every record of a run names."""

from typing import Final

__version__: Final = "0.1.0"
