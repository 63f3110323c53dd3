"""Families as people write them: names of persons with a capital letter, the first letter of a label too."""

import re
from pathlib import Path

import pytest

import netcea
from netcea.sampling.sources import sources_of
from netcea.survival.distributions import FAMILIES
from netcea.survival.family_names import family_label, family_words

PERSONS = ("weibull", "gompertz", "royston", "parmar", "kaplan", "meier")


@pytest.mark.parametrize(
    "family", [*FAMILIES, "mixture_cure_weibull", "royston_parmar_hazard_3", "royston_parmar:odds:1"]
)
def test_names_of_persons_and_beginnings_of_labels_have_capitals(family):
    words, label = family_words(family), family_label(family)
    assert not [person for person in PERSONS if re.search(rf"\b{person}\b", words)]
    assert "_" not in words
    assert label[0].isupper()
    assert label[1:] == words[1:]


def test_labels_of_fits_have_them():
    labels = [source.label for source in sources_of(netcea.load("pnet"))]
    assert any(label.startswith("PFS: Weibull fitted") for label in labels)
    assert not [label for label in labels if re.search(r"\b(weibull|gompertz)\b", label)]


def test_nobody_writes_the_names_of_families_in_another_way():
    """`family.replace("_", " ")` makes 'weibull' and 'royston parmar'."""
    package = Path(netcea.__file__).parent
    found = [
        f"{path.relative_to(package)}: {line.strip()}"
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<!uncertainty\.)\bfamily\.replace\(\"_\"", line)
    ]
    assert not found
