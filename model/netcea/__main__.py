"""``python -m netcea`` is the command line too."""

from netcea.cli.main import main

main(prog_name="netcea")
