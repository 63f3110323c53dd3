"""Keys of inputs/ under which stands what `netcea fit` says of a fit: its blocks are in `netcea.quantities.fitted`."""

from typing import Final

FITTED: Final = "fitted"
"""Key in a group under which stands what is said of a fit."""
JOINT: Final = "joint"
"""Key in the group of an endpoint under which fits to all arms together stand."""
WITH_EXTERNAL: Final = "with_external"
"""Key in the group of an endpoint under which fits with external information in their likelihood stand."""
