"""The selector over all scenarios of epnet; a file for each cohort, so that they run side by side."""

import pytest

from helpers.office import Office, needs_office
from helpers.opened import every_scenario_is_equal


@needs_office
@pytest.mark.slow
def test_the_selector_moves_it_through_every_scenario(tmp_path):
    with Office() as office:
        every_scenario_is_equal("epnet", office, tmp_path)
