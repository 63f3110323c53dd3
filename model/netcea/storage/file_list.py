"""The list of the files that netcea wrote into a folder: path and SHA-256 of each, in ``.netcea_files.json``.

Only what a list names is ever removed, and only as it was written; a list that names anything outside its folder is
nobody's. Links are never followed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from netcea.errors import InputError, Place
from netcea.storage.regular_file import kind_at, read_regular, remove_empty

LIST_NAME: Final = ".netcea_files.json"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def list_text(digests: Mapping[str, str], marking: str = "") -> str:
    """Return the text of a list.

    Parameters
    ----------
    digests : mapping of str -> str
        Path below the folder -> SHA-256.
    marking : str
        Of a confidential run; empty for others.

    Examples
    --------
    >>> print(list_text({}))
    {
     "files": {}
    }
    <BLANKLINE>
    """
    marked = {"marking": marking} if marking else {}
    return json.dumps({**marked, "files": dict(sorted(digests.items()))}, indent=1) + "\n"


def read_list(folder: Path) -> dict[str, str] | None:
    """Return path and SHA-256 of the files that netcea wrote, None when the folder is not ours.

    Parameters
    ----------
    folder : Path
        Of results.
    """
    try:
        return checked_list(folder)
    except InputError:
        return None


def checked_list(folder: Path) -> dict[str, str] | None:
    """Return the same; None where there is no list.

    Parameters
    ----------
    folder : Path
        Of results.

    Raises
    ------
    InputError
        A list that is not as netcea writes it, or names what is not inside the folder.
    """
    path = folder / LIST_NAME
    place = Place(str(path))
    if not kind_at(path):
        return None
    expected = "the list of files that netcea wrote"
    try:
        files = json.loads(read_regular(path, follow=False))["files"]
        found = {str(name): str(digest) for name, digest in files.items()}
    except OSError as error:
        raise place.error(kind_at(path) if not error.strerror else error.strerror, expected) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise place.error("something else", expected, "name another folder") from None
    outside = next((name for name, digest in found.items() if not _below(name) or not _DIGEST.fullmatch(digest)), None)
    if outside is not None:
        raise place.error(
            f"the entry {outside!r}", "files inside the folder, with their SHA-256", "name another folder"
        )
    return found


def _below(name: str) -> bool:
    """Say whether a name is a path below a folder, written in one way only."""
    parts = PurePosixPath(name).parts
    plain = bool(parts) and not name.startswith("/") and "\\" not in name and ":" not in parts[0] and "\0" not in name
    return plain and ".." not in parts and "/".join(parts) == name and name != LIST_NAME


def is_unchanged(folder: Path, *, alone: bool = False) -> bool:
    """Say whether every file that netcea wrote into a folder is still there as it was written; alone: and no other.

    Parameters
    ----------
    folder : Path
        Of results.
    alone : bool
        Whether another file beside ours counts as a change.
    """
    if kind_at(folder) != "a folder":
        return False
    ours = read_list(folder)
    if not ours:
        return False
    there = {path.relative_to(folder).as_posix() for path in files_below(folder)}
    if (alone and there != set(ours)) or not there >= set(ours):
        return False
    return all(is_as_written(folder / name, digest) for name, digest in ours.items())


def is_as_written(path: Path, digest: str) -> bool:
    """Say whether a path is an ordinary file with a SHA-256.

    Parameters
    ----------
    path : Path
        Of the file; nothing else is opened.
    digest : str
        SHA-256.
    """
    try:
        return kind_at(path) == "a file" and sha256_of(path) == digest
    except OSError:
        return False


def sha256_of(path: Path, *, sync: bool = False) -> str:
    """Return the SHA-256 of an ordinary file.

    Parameters
    ----------
    path : Path
        Of a file of any size.
    sync : bool
        Wait until the disk has it.
    """
    with path.open("r+b") if sync else path.open("rb") as file:
        if sync:
            os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file and link below a folder, except the list at its top; links are not followed.

    Parameters
    ----------
    folder : Path
        Not a link itself.
    """
    for root, folders, files in os.walk(folder):
        links = [name for name in folders if Path(root, name).is_symlink()]
        yield from (path for name in sorted(files + links) if (path := Path(root, name)) != folder / LIST_NAME)


def remove_listed(folder: Path, *, unfinished: bool = False) -> None:
    """Remove what the list of a folder names, then the list, then the folders that are empty.

    Parameters
    ----------
    folder : Path
        Not a link; of results.
    unfinished : bool
        Whether a file may be shorter than was meant, as a kill leaves it.
    """
    ours = read_list(folder) if kind_at(folder) == "a folder" else None
    if ours is None:
        return
    left = False
    for path in list(files_below(folder)):
        digest = ours.get(path.relative_to(folder).as_posix())
        if digest is not None and (is_as_written(path, digest) or (unfinished and kind_at(path) == "a file")):
            with contextlib.suppress(OSError):
                path.unlink()
                continue
        left = True
    if not left:
        (folder / LIST_NAME).unlink(missing_ok=True)
    for root, _, _ in os.walk(folder, topdown=False):
        remove_empty(Path(root))
