"""The notebook of the docs runs from top to bottom in a kernel of its own, and shows what it says it shows."""

import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_every_cell_runs_and_shows_something():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the kernel's own libraries
        import nbformat
        from nbclient import NotebookClient

        notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(ROOT)}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [{kind for output in cell.outputs for kind in output.get("data", {})} for cell in cells]
    assert "text/html" in shown[0], "a result shows itself"
    assert sum("image/png" in kinds for kinds in shown) == 3, "three figures"
    assert all(output.name != "stderr" for cell in cells for output in cell.outputs if output.output_type == "stream")
