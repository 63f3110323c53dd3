"""Names of a trial and of an endpoint, as addresses of inputs/ can have them."""

from __future__ import annotations

from netcea.errors import Place, did_you_mean
from netcea.loading.resolving.trials import ARM
from netcea.survival.curve import TIME_UNITS


def check_words(name: str, endpoint: str, time_unit: str) -> None:
    """Refuse names of a trial and of an endpoint that an address cannot have, and unknown units.

    Parameters
    ----------
    name, endpoint, time_unit : str
        See `fit`.

    Raises
    ------
    InputError
        With the first of them.
    """
    for what, word in (("name", name), ("endpoint", endpoint)):
        if not ARM.fullmatch(word):
            raise Place(what).error(repr(word), "letters, digits, _ and -")
    if time_unit not in TIME_UNITS:
        expected = f"one of {', '.join(TIME_UNITS)}"
        raise Place("time_unit").error(repr(time_unit), expected, did_you_mean(time_unit, list(TIME_UNITS)))
