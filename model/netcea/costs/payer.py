"""Who pays a cost, and which payers count: the perspective of a scenario."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Field

from netcea.blocks import refused

Payer: TypeAlias = Literal["NHS and PSS", "patient", "family", "other government", "employer", "society"]
NHS: Final = "NHS and PSS"
"""The payer of the reference case, and the perspective in which it alone counts."""
SOCIETAL: Final = "societal"
"""The perspective in which every payer counts."""


def _each_once(payers: list[Payer]) -> list[Payer]:
    twice = next((payer for number, payer in enumerate(payers) if payer in payers[:number]), "")
    if twice:
        raise refused(f"{twice!r} twice", "each payer once")
    return payers


PayerList: TypeAlias = Annotated[list[Payer], Field(min_length=1), AfterValidator(_each_once)]
Perspective: TypeAlias = Literal["NHS and PSS", "societal"] | PayerList
"""One of two words, or the payers that count."""


def payers_of(perspective: Perspective) -> tuple[Payer, ...]:
    """Return the payers that count.

    Parameters
    ----------
    perspective : str or list of str
        As the scenario has it.

    Returns
    -------
    tuple of str
        In the order of the scenario, or of all that there are.

    Examples
    --------
    >>> payers_of("NHS and PSS"), payers_of(["patient"]), len(payers_of("societal"))
    (('NHS and PSS',), ('patient',), 6)
    """
    if isinstance(perspective, list):
        return tuple(perspective)
    return (NHS,) if perspective == NHS else get_args(Payer)


def is_reference_case(perspective: Perspective) -> bool:
    """Say whether only NHS and PSS count, as NICE's reference case has it.

    Parameters
    ----------
    perspective : str or list of str
        As the scenario has it.

    Returns
    -------
    bool
        A list of NHS and PSS alone is the reference case, too.

    References
    ----------
    NICE health technology evaluations: the manual (PMG36), table 4.1 and 4.2.7-4.2.10: costs of the NHS and PSS;
    productivity costs are not part of the reference case.
    """
    return payers_of(perspective) == (NHS,)


def perspective_words(perspective: Perspective) -> str:
    """Return what tables call a perspective.

    Parameters
    ----------
    perspective : str or list of str
        As the scenario has it.

    Returns
    -------
    str
        A list's payers in its order.

    Examples
    --------
    >>> perspective_words("societal"), perspective_words(["NHS and PSS", "patient"])
    ('societal (every payer)', 'NHS and PSS, patient')
    """
    if isinstance(perspective, list):
        return ", ".join(perspective)
    return f"{perspective} (every payer)" if perspective == SOCIETAL else perspective
