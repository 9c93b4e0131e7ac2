"""Bytes in, signed bytes out: PAdES signatures, fields that are filled after signing, stamps put on before it.

Everything here is an incremental update: what was signed before stays as it is, byte by byte. What the page shows may be
changed only before the first signature; afterwards only form fields and further signatures, which validators allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import read_certification_data
from pyhanko.stamp import BaseStamp, StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from thongsuot.signing import appearance
from thongsuot.signing.appearance import Place
from thongsuot.signing.errors import NotAPdf, PdfEncrypted, PdfLocked, StamperSilent, UntrustedIssuer

_BROKEN = (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, NotImplementedError)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature a file carries already. `place` is None when it is invisible."""

    field: str
    place: Place | None


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What must be known of a PDF before something is added to it. Sizes of the first and the last page, in points."""

    pages: int
    first: tuple[float, float]
    last: tuple[float, float]
    signatures: tuple[Signed, ...] = ()
    text_fields: tuple[str, ...] = ()


def look(pdf: bytes, *, refuse_locked: bool = True) -> Looked:
    """Raises NotAPdf, PdfEncrypted, PdfLocked. Strange files may take long or much: ask through `reading.guarded`."""
    if not pdf.startswith(b"%PDF-"):
        raise NotAPdf
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise PdfEncrypted
        count = int(reader.root["/Pages"]["/Count"])
        looked = Looked(
            pages=count,
            first=_size(reader, 0),
            last=_size(reader, -1),
            signatures=tuple(
                Signed(field=one.field_name, place=_place_of(reader, one.sig_field))
                for one in reader.embedded_regular_signatures
            ),
            text_fields=tuple(_text_fields(reader)),
        )
        certified = read_certification_data(reader) is not None
        locks = [one.docmdp_level for one in reader.embedded_regular_signatures]
    except PdfEncrypted:
        raise
    except _BROKEN:
        raise NotAPdf from None
    if refuse_locked and (fields.MDPPerm.NO_CHANGES in locks or certified):
        raise PdfLocked
    return looked


def _size(handler: Any, page: int) -> tuple[float, float]:
    node = handler.find_page_for_modification(page)[0].get_object()
    while "/MediaBox" not in node:
        node = node["/Parent"]
    x1, y1, x2, y2 = (float(number) for number in node["/MediaBox"])
    return abs(x2 - x1), abs(y2 - y1)


def _place_of(reader: PdfFileReader, field: Any) -> Place | None:
    if "/Rect" not in field:
        return None
    x1, y1, x2, y2 = (float(number) for number in field["/Rect"])
    if x1 == x2 or y1 == y2:
        return None
    page = 0
    if "/P" in field:
        wanted = field.raw_get("/P")
        for number in range(int(reader.root["/Pages"]["/Count"])):
            if reader.find_page_for_modification(number)[0].reference == wanted.reference:
                page = number
    return Place(page=page, x=min(x1, x2), y=min(y1, y2), width=abs(x2 - x1), height=abs(y2 - y1))


def _fields(handler: Any) -> list[Any]:
    # Asked by `in` first: pyHanko's `get` gives references as they are, `[]` what they lead to.
    if "/AcroForm" not in handler.root or "/Fields" not in handler.root["/AcroForm"]:
        return []
    return [reference.get_object() for reference in handler.root["/AcroForm"]["/Fields"]]


def _text_fields(handler: Any) -> list[str]:
    return [str(one["/T"]) for one in _fields(handler) if one.get("/FT") == "/Tx" and "/T" in one and "/Rect" in one]


def _form_fields(handler: Any) -> list[str]:
    """All but signatures; a name stands for the fields below it too."""
    return [str(one["/T"]) for one in _fields(handler) if one.get("/FT") != "/Sig" and "/T" in one]


# -- before the first signature ----------------------------------------------------------------------------------------


def stamped(
    pdf: bytes,
    *,
    stamps: Sequence[tuple[Place, StaticStampStyle]],
    text_fields: Mapping[str, Place],
    new_page: tuple[float, float] | None = None,
) -> bytes:
    """Draw stamps onto pages and add empty text fields, to be filled after signing. Only for files not signed yet.

    new_page   width and height of an empty last page to sign on
    """
    writer = _writer(pdf)
    try:
        if new_page is not None:
            nothing = writer.add_object(generic.StreamObject(stream_data=b" "))
            writer.insert_page(PageObject(contents=nothing, media_box=(0, 0, *new_page)))
        made: dict[tuple[int, float, float], BaseStamp] = {}  # the same stamp on every page is drawn once
        for place, style in stamps:
            key = (id(style), place.width, place.height)
            if key not in made:
                made[key] = style.create_stamp(writer, BoxConstraints(width=place.width, height=place.height), {})
            number = _page_number(writer, place.page)
            _give_contents(writer, number)
            made[key].apply(number, round(place.x), round(place.y))
        for name, place in text_fields.items():
            _add_text_field(writer, name, place)
        out = BytesIO()
        writer.write(out)
    except _BROKEN:
        raise NotAPdf from None
    return out.getvalue()


def _give_contents(writer: IncrementalPdfFileWriter, number: int) -> None:
    """An empty page need not have contents; pyHanko's stamps are appended to some."""
    page_ref, _resources = writer.find_page_for_modification(number)
    page = page_ref.get_object()
    if "/Contents" not in page:
        page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b" "))
        writer.update_container(page)


def _add_text_field(writer: IncrementalPdfFileWriter, name: str, place: Place) -> None:
    page_ref, _resources = writer.find_page_for_modification(_page_number(writer, place.page))
    page = page_ref.get_object()
    field = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string(name),
            pdf_name("/Ff"): generic.NumberObject(1),  # read only: nobody types into it
            pdf_name("/F"): generic.NumberObject(4),  # printed
            pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(side) for side in place.box]),
            pdf_name("/P"): page_ref,
            pdf_name("/DA"): generic.pdf_string("/Helv 10 Tf 0 g"),
        }
    )
    reference = writer.add_object(field)
    if "/Annots" in page:
        annotations = page["/Annots"]
        annotations.append(reference)
        writer.update_container(annotations)
    else:
        page[pdf_name("/Annots")] = generic.ArrayObject([reference])
        writer.update_container(page)
    root = writer.root
    if "/AcroForm" not in root:
        root[pdf_name("/AcroForm")] = writer.add_object(generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()}))
        writer.update_root()
    form = root["/AcroForm"]
    if "/Fields" not in form:
        form[pdf_name("/Fields")] = generic.ArrayObject()
    form["/Fields"].append(reference)
    writer.update_container(form)
    writer.update_container(form["/Fields"])


# -- signing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A text field and what it shows from now on."""

    text: str
    size: float = 11


def signed(
    pdf: bytes,
    *,
    signer: signers.Signer,
    field: str,
    place: Place,
    style: StaticStampStyle,
    reason: str,
    location: str,
    name: str,
    at: datetime,
    stamper: TimeStamper | None,
    context: ValidationContext,
    filled: Mapping[str, Filled] | None = None,
    lock: bool = False,
    reserve: int | None = None,
) -> bytes:
    """Fill fields, then sign: time-stamp from `stamper`, revocation data into the document (B-LT) when the context has some.

    lock      no field the file has may be filled after this signature; more signatures may be put on
    reserve   bytes for the signature; left out: found by signing once on trial, which asks the stamper twice
    Raises NotAPdf, StamperSilent, UntrustedIssuer.
    """
    writer = _writer(pdf)
    meta = signers.PdfSignatureMetadata(
        field_name=field,
        reason=reason,
        location=location,
        name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=context,
    )
    try:
        for field_name, value in (filled or {}).items():
            _fill(writer, field_name, value, at=at)
        names = _form_fields(writer) if lock else []
        locked = fields.FieldMDPSpec(fields.FieldMDPAction.INCLUDE, names) if names else None
        fields.append_signature_field(
            writer,
            fields.SigFieldSpec(field, on_page=_page_number(writer, place.page), box=place.box, field_mdp_spec=locked),
        )
        out = BytesIO()
        _AtTime(meta, signer=signer, stamp_style=style, timestamper=stamper, at=at).sign_pdf(
            writer, output=out, bytes_reserved=reserve
        )
    except (TimestampRequestError, OSError):
        raise StamperSilent from None
    except (SigningError, PathError, ValidationError):  # the last two: of the time-stamp authority's own chain
        raise UntrustedIssuer from None
    except _BROKEN:
        raise NotAPdf from None
    return out.getvalue()


class _AtTime(signers.PdfSigner):
    """Writes the time it is told, not the machine's."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def _fill(writer: IncrementalPdfFileWriter, name: str, value: Filled, *, at: datetime) -> None:
    field = next(one for one in _fields(writer) if one.get("/T") == name and one.get("/FT") == "/Tx")
    x1, y1, x2, y2 = (float(number) for number in field["/Rect"])
    place = Place(page=0, x=x1, y=y1, width=abs(x2 - x1), height=abs(y2 - y1))
    style = appearance.style(place, title=value.text, made_at=at, lines=[value.text], size=value.size)
    stamp = style.create_stamp(writer, BoxConstraints(width=place.width, height=place.height), {})
    field[pdf_name("/V")] = generic.pdf_string(value.text)
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): stamp.register()})
    writer.update_container(field)


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        return IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    except _BROKEN:
        raise NotAPdf from None


def _page_number(writer: IncrementalPdfFileWriter, page: int) -> int:
    count = int(writer.root["/Pages"]["/Count"])
    return page if page >= 0 else max(0, count + page)
