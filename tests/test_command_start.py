"""What a command does before it computes."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(("said", "expected"), [(None, "__all__"), ("logfire-plugin", "logfire-plugin")])
def test_commands_do_not_look_for_plugins_of_pydantic_unless_the_user_says_which(said, expected):
    variables = {name: value for name, value in os.environ.items() if name != "PYDANTIC_DISABLE_PLUGINS"}
    if said is not None:
        variables["PYDANTIC_DISABLE_PLUGINS"] = said
    code = (
        "import os\nfrom netcea.cli.main import main\nmain(['--help'], standalone_mode=False)\n"
        "print(os.environ['PYDANTIC_DISABLE_PLUGINS'])"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=variables)
    assert found.stdout.splitlines()[-1] == expected
