"""Paper from facts: a typst template and data become a PDF. No markup is ever built from data, so data cannot be code.

A template reads `json(bytes(sys.inputs.data))` and `json(bytes(sys.inputs.fonts))`; it sees no file outside its own folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from queue import Empty, LifoQueue

import typst
from django.core.serializers.json import DjangoJSONEncoder

# What offices write in, then what looks like it; the last comes with typst and has every Vietnamese letter.
_SERIF = ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")
# For the archive and for screen readers. Text no font can show (an emoji in a name) is forbidden there: then without.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
_PLACE = re.compile(r"[\w-]+\.typ:\d+:\d+")

# A compiler keeps what it has parsed and laid out; it serves one thread at a time. As many are made as are ever used at once.
_idle: LifoQueue[typst.Compiler] = LifoQueue()


class CannotTypeset(RuntimeError):
    """A fault of the template. Says where, never what: typst quotes the data in its messages."""


def pdf(template: Path, data: Mapping[str, object], *, made_at: datetime) -> bytes:
    """The template filled with `data`, as PDF/A-2a and PDF/UA-1. Equal arguments give equal bytes.

    data      what JSON can hold, and dates; Vietnamese text as it should be read
    made_at   goes into the document's properties: the time of the fact, not of the printing
    """
    inputs = {"data": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False), "fonts": json.dumps(fonts())}
    compiler = _compiler()
    try:
        try:
            return _compiled(compiler, template, inputs, made_at, _STANDARDS)
        except typst.TypstError:
            return _compiled(compiler, template, inputs, made_at, [])
    except typst.TypstError as fault:
        places = ", ".join(dict.fromkeys(_PLACE.findall(f"{fault.diagnostic} {fault.trace}")))
        raise CannotTypeset(f"{template.name} at {places or 'an unknown place'}") from None
    finally:
        _idle.put(compiler)


@cache
def fonts() -> list[str]:
    """The serif families of this machine, best first; never empty."""
    families = set(_all_fonts().families())
    return [name for name in _SERIF if name in families]


@cache
def _all_fonts() -> typst.Fonts:
    return typst.Fonts()  # scanning the machine's fonts costs more than typesetting a page


def _compiler() -> typst.Compiler:
    try:
        return _idle.get_nowait()
    except Empty:
        return typst.Compiler(font_paths=_all_fonts())


def _compiled(
    compiler: typst.Compiler, template: Path, inputs: dict[str, str], made_at: datetime, standards: list[typst.PDFStandard]
) -> bytes:
    result = compiler.compile(
        str(template),
        format="pdf",
        root=str(template.parent),
        sys_inputs=inputs,
        timestamp=int(made_at.timestamp()),
        pdf_standards=standards,
    )
    if not isinstance(result, bytes):
        raise TypeError(f"a PDF is bytes, not {type(result)}")
    return result
