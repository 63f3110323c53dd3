"""Layers for tests: a secret whose digits appear nowhere else, and every way in which they could be written."""

import gzip
import re
import zipfile
from io import BytesIO
from pathlib import Path

from netcea.confidential.layer_file import Layer
from netcea.confidential.layers import Layers
from netcea.errors import Place
from netcea.scenario.price_layers import PriceLayer

DISCOUNT = "costs.drug.cabozantinib.discount"
PRICE = "costs.drug.cabozantinib.price_per_pack"
EVEROLIMUS = "costs.drug.everolimus.price_per_pack"
LIST_PRICE = 5143.0
SECRET = 0.32718293
OTHER = 0.61928374
SALT = "9f86d081884c7d65"


def text_of(values, *, name="own", salt=SALT, confidential=None):
    """A layer file."""
    lines = ["format: 1", f"name: {name}"]
    lines += [f'salt: "{salt}"'] if salt else []
    lines += [] if confidential is None else [f"confidential: {str(confidential).lower()}"]
    return "\n".join([*lines, "set:", *(f"  {address}: {value}" for address, value in values.items())]) + "\n"


def written(folder, values, **more):
    path = Path(folder) / "own.secret.yaml"
    path.write_text(text_of(values, **more), encoding="utf-8")
    return path


def layers(values, *, sha256="0" * 64, redacted=True):
    """Layers whose record is the same whatever their values."""
    places = dict.fromkeys(values, Place("own.secret.yaml", 5))
    return Layers((Layer(PriceLayer("own", True, sha256), values, places),), redacted=redacted)


def everything(folder):
    """Name -> bytes of every file, compressed ones and members of Excel files opened."""
    found = {}
    for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        found[name] = gzip.decompress(data) if name.endswith(".gz") else data
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(data)) as book:
                found |= {f"{name}/{member}": book.read(member) for member in book.namelist()}
    return found


def spellings(discount, list_price=LIST_PRICE):
    """The secret and what follows from it, as a file could spell it: at least six digits, so that none comes by chance."""
    numbers = [
        discount,
        100 * discount,
        1 - discount,
        100 * (1 - discount),
        list_price * (1 - discount),
        list_price * discount,
    ]
    return sorted({re.sub(r"^0(?=\.)", "", f"{number:.7g}")[:9] for number in numbers})


def leaks(files, discount):
    """(file, spelling) of every place where the secret stands."""
    return [(name, s) for name, data in files.items() for s in spellings(discount) if s.encode() in data]
