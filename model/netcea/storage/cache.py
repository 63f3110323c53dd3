"""What was computed before, kept in the user's folder of caches: a copy of what can always be computed again.

Any number of processes may share it: a file appears whole or not at all. Where nothing can be read or written, because
the disk is full, read-only or someone else's, nothing is kept and nothing is said.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from netcea.errors import InputError
from netcea.storage.atomic import atomic_write_text
from netcea.storage.regular_file import read_regular

LARGEST: Final = 10_000_000
"""Largest file of the cache. [bytes]"""


def cache_folder() -> Path:
    """Return the folder: ``NETCEA_CACHE``, or netcea's own in what the system keeps for caches."""
    named = os.environ.get("NETCEA_CACHE")
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "netcea"


def read_cached(kind: str, content: Any) -> Any | None:
    """Return what was kept for a content; None where nothing was, or where it cannot be read.

    Parameters
    ----------
    kind : str
        What is kept, a name for its folder.
    content : JSON
        Everything that the result depends on, versions too.
    """
    try:
        saved = json.loads(read_regular(_file(kind, _text(content)), LARGEST))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: no home folder, or nested too deeply
        return None
    return saved.get("result") if isinstance(saved, dict) and saved.get("content") == _text(content) else None


def write_cached(kind: str, content: Any, result: Any) -> None:
    """Keep a result for a content, if the disk lets us.

    Parameters
    ----------
    kind : str
        What is kept, a name for its folder.
    content : object
        Everything that the result depends on, versions too.
    result : object
        What is kept.
    """
    try:
        file = _file(kind, _text(content))
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"content": _text(content), "result": result}) + "\n"
        atomic_write_text(file, text, durable=False)  # a file that a power cut spoils is not read
    except (OSError, RuntimeError, InputError):
        return


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True)


def _file(kind: str, text: str) -> Path:
    return cache_folder() / kind / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
