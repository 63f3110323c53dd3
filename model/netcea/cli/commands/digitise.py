"""`netcea digitise`: Kaplan-Meier curves out of a vector figure."""

from __future__ import annotations

from pathlib import Path

import click

from netcea.cli.commands.shared import quiet_option
from netcea.cli.say import say


@click.command()
@click.argument("figure", type=click.Path(path_type=Path), metavar="FIGURE")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the CSV files.")
@click.option("--arm", "arms", multiple=True, metavar="NAME", help="Of each curve, from the top down at their ends.")
@click.option("--x-at", multiple=True, metavar="PLACE=VALUE", help="A place on the page and the time there; twice.")
@click.option("--y-at", multiple=True, metavar="PLACE=VALUE", help="A place on the page and the survival there; twice.")
@click.option("--page", default=1, type=click.IntRange(min=1), metavar="N", help="Of a PDF file.")
@quiet_option
def digitise(
    figure: Path,
    out: Path | None,
    arms: tuple[str, ...],
    x_at: tuple[str, ...],
    y_at: tuple[str, ...],
    page: int,
    *,
    quiet: bool,
) -> None:
    """Read the curves of FIGURE (SVG or PDF of one panel): coordinates, censoring marks, numbers at risk.

    Axes are placed by their tick labels, or by places that are named. Curves go to curve.csv, which `netcea fit` takes,
    censoring marks to censored.csv, numbers at risk to at_risk.csv where the figure has them in text.
    """
    from netcea.evidence.vector.digitise import digitise as digitise_figure
    from netcea.storage.writable import check_folder

    folder = out or Path("reports", f"digitised_{figure.stem}")
    check_folder(folder)
    found = digitise_figure(figure, x_at=_places("--x-at", x_at), y_at=_places("--y-at", y_at), arms=arms, page=page)
    written = found.write(folder)
    if not quiet:
        for sentence in found.sentences:
            say(sentence)
        say(f"Written: {', '.join(map(str, written))}")


def _places(flag: str, given: tuple[str, ...]) -> list[tuple[float, float]]:
    from netcea.errors import Place

    found = []
    for text in given:
        place, mark, value = text.partition("=")
        try:
            found.append((float(place), float(value.removesuffix("%")) / (100.0 if value.endswith("%") else 1.0)))
        except ValueError:
            mark = ""
        if not mark:
            raise Place(flag).error(repr(text), "PLACE=VALUE, such as 72.5=0")
    return found
