"""Reconstructed arms of a trial's endpoint, with their audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netcea.fitting.patients import Patients
from netcea.fitting.reconstruction.audit import Check, audit_arm, audit_ratio
from netcea.fitting.reconstruction.digitised_curve import DigitisedCurve
from netcea.fitting.reconstruction.reconstruct import Reconstruction, reconstruct


@dataclass(frozen=True, eq=False)
class Reconstructed:
    """Arms that were reconstructed.

    Attributes
    ----------
    curves : mapping of str -> DigitisedCurve
        Arm -> what was clicked and printed.
    arms : mapping of str -> Reconstruction
    checks : tuple of Check
        Of every arm, then of hazard ratios.
    digitiser, figure, digitised_on : str or None
        Who clicked which figure, and when.
    at_risk, at_risk_sha256 : str or None
        File of numbers at risk, and its digest.
    """

    curves: Mapping[str, DigitisedCurve]
    arms: Mapping[str, Reconstruction]
    checks: tuple[Check, ...]
    digitiser: str | None = None
    figure: str | None = None
    digitised_on: str | None = None
    at_risk: str | None = None
    at_risk_sha256: str | None = None

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks beyond their limits."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def patients(self) -> dict[str, Patients]:
        """Arm -> its patients."""
        return {arm: one.patients for arm, one in self.arms.items()}


def reconstruct_arms(
    curves: Mapping[str, DigitisedCurve], medians: Mapping[str, float], ratios: Mapping[tuple[str, str], float]
) -> tuple[dict[str, Reconstruction], tuple[Check, ...]]:
    """Reconstruct the patients of every arm, and audit them.

    Parameters
    ----------
    curves : mapping of str -> DigitisedCurve
        Arm -> its curve.
    medians : mapping of str -> float
        Arm -> as published. [unit of time]
    ratios : mapping of (str, str) -> float
        Treated arm, reference arm -> hazard ratio as published. [ratio]

    Returns
    -------
    arms : dict of str -> Reconstruction
        In the order of the curves.
    checks : tuple of Check
        Hazard ratios last; that of the first arm versus the second is told where two arms have none.

    Examples
    --------
    >>> import numpy as np
    >>> from netcea.fitting.reconstruction.digitised_curve import digitised_curve
    >>> curve = digitised_curve(np.arange(6.0), 1.0 - np.arange(6.0) / 10.0, patients=10)
    >>> arms, checks = reconstruct_arms({"a": curve}, {"a": 5.0}, {})
    >>> arms["a"].patients.events, all(check.passed for check in checks)
    (5, True)
    """
    arms = {
        arm: reconstruct(one.time, one.survival, (one.at_risk_times, one.at_risk), one.events, one.pattern)
        for arm, one in curves.items()
    }
    checks = [
        check for arm, one in arms.items() for check in audit_arm(arm, curves[arm], one.patients, medians.get(arm))
    ]
    patients = {arm: one.patients for arm, one in arms.items()}
    asked: dict[tuple[str, str], float | None] = dict(ratios)
    if not asked and len(arms) == 2:
        first, second = arms
        asked[first, second] = None
    checks += [audit_ratio(*pair, patients, published) for pair, published in asked.items()]
    return arms, tuple(checks)
