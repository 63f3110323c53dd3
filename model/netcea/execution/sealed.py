"""Messages in files between the processes of one run, which no other process can have written.

The secret of a run is passed to its processes when they begin, never through a file. A message is unpickled only after
its seal, an HMAC of its name and content, was found right; this is the only place where anything is unpickled.
"""

from __future__ import annotations

import hmac
import io
import pickle
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SEAL: Final = 32
"""Of every message. [bytes]"""


class BrokenSealError(OSError):
    """A message that this run did not write, or not under this name."""


@dataclass(frozen=True)
class Sealed:
    """Writes and reads the messages of one run.

    Attributes
    ----------
    secret : bytes
        Known to the processes of this run only.
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def write(self, path: Path, value: Any, stand_in: Callable[[Any], Any] | None = None) -> None:
        """Write a value.

        Parameters
        ----------
        path : Path
            Of the file; its name is sealed too.
        value : object
            What can be pickled.
        stand_in : function, optional
            Of an object inside; returns what is written in its place, None for the object itself.
        """
        out = io.BytesIO()
        _Writer(out, stand_in).dump(value)
        data = out.getbuffer()
        with path.open("wb") as file:
            file.write(self._seal(path, data))
            file.write(data)

    def read(self, path: Path, stands_for: Callable[[Any], Any] | None = None) -> Any:
        """Return a value that this run wrote under this name.

        Parameters
        ----------
        path : Path
            Of the file.
        stands_for : function, optional
            Of what was written in place of an object; returns the object.

        Raises
        ------
        BrokenSealError
            Somebody else wrote it.
        """
        whole = memoryview(path.read_bytes())
        seal, data = whole[:SEAL], whole[SEAL:]
        if not hmac.compare_digest(seal, self._seal(path, data)):
            raise BrokenSealError(0, "a file that this run did not write", str(path))
        return _Reader(io.BytesIO(data), stands_for).load()

    def _seal(self, path: Path, data: memoryview) -> bytes:
        made = hmac.new(self.secret, path.name.encode() + b"\0", "sha256")
        made.update(data)
        return made.digest()


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, stand_in: Callable[[Any], Any] | None) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._stand_in = stand_in

    def persistent_id(self, value: Any) -> Any:
        return None if self._stand_in is None else self._stand_in(value)


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, stands_for: Callable[[Any], Any] | None) -> None:
        super().__init__(file)
        self._stands_for = stands_for

    def persistent_load(self, written: Any) -> Any:
        if self._stands_for is None:
            raise pickle.UnpicklingError("nothing stands for anything else here")
        return self._stands_for(written)
