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


DRAW = """
import hashlib
from netcea.reporting.figures.style import styled
with styled():
    from matplotlib.lines import Line2D
    from netcea.reporting.figures.files import figure_bytes
    from netcea.reporting.figures.page import page
    sheet = page("A title", "what it shows", 2.0, notes=["a note"])
    axes = sheet.whole()
    axes.plot([0.0, 1.0], [1.0, 0.5], label="a line", marker="o")
    axes.set(xlabel="years", ylim=(0.0, 1.0))
    files = figure_bytes(sheet.figure)
print("linewidth" in (Line2D.set.__doc__ or ""), *(hashlib.sha256(data).hexdigest() for data in files.values()))
"""


def test_commands_load_matplotlib_without_its_documentation_and_draw_the_same():
    command = "from netcea.cli.main import main\nmain(['--help'], standalone_mode=False)\n"
    found = [
        subprocess.run([sys.executable, "-c", start + DRAW], check=True, capture_output=True, text=True)
        for start in ("", command)
    ]
    (documented, *pixels), (in_a_command, *same) = (one.stdout.splitlines()[-1].split() for one in found)
    assert (documented, in_a_command) == ("True", "False")
    assert pixels == same
