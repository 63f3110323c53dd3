"""``python -m netcea`` is the command line too."""

from netcea.cli import main

main(prog_name="netcea")
