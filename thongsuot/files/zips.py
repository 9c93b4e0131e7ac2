"""What the zip library raises on a file that lies about itself, whatever is unpacked from it."""

from __future__ import annotations

import lzma
import zipfile
import zlib

# RuntimeError: a password, a rare compression; ValueError: names that are no UTF-8; LookupError: none, or an empty one.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, LookupError)
