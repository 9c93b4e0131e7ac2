"""The records the portal takes, with its own field names. What they may hold: `data/schema.json`.

Every name is always there: an empty text says "not known", a missing name would say "another service".
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

_DATA = Path(__file__).parent / "data"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What all records share: the portal's names are written as they are."""


class LePhi(Record, frozen=True, kw_only=True):
    """A fee or levy. HinhThucThu: 1 at intake, 2 with a supplement, 4 at return. LoaiPhiLePhi: 1 phí, 2 lệ phí."""

    TenPhiLePhi: str
    MaPhiLePhi: str
    HinhThucThu: str
    Gia: str
    LoaiPhiLePhi: str


class TaiLieu(Record, frozen=True, kw_only=True):
    """A paper handed in, or one used again in its place. What the flags mean: dossiers/queries/component_flags.py."""

    TenTepDinhKem: str
    MaThanhPhanHoSo: str
    TepDinhKemId: str = ""
    DuocSoHoa: str = "0"
    DuocTaiSuDung: str = "0"
    DuocLayTuKhoDMQG: str = "0"
    MaKetQuaThayThe: str = ""


class BoSung(Record, frozen=True, kw_only=True):
    """One request for a supplement and its answer."""

    NguoiYeuCauBoSung: str
    NoiDungBoSung: str
    NgayBoSung: str
    NgayTiepNhanBoSung: str = ""
    NgayHenTraTruoc: str = ""
    NgayHenTraMoi: str = ""


class KetQua(Record, frozen=True, kw_only=True):
    """A paper of the result: where the electronic original is."""

    TenGiayTo: str
    MaGiayToKetQua: str
    MaThanhPhanHoSo: str = ""
    GiayToId: str = ""
    DuongDanTepTinKetQua: str = ""


class DinhDanh(Record, frozen=True, kw_only=True):
    """LoaiDinhDanh: 1 personal ID number, 2 enterprise number, 3 other."""

    LoaiDinhDanh: str
    SoDinhDanh: str


class KetNoi(Record, frozen=True, kw_only=True):
    MaCSDL: str


class HoSo(Record, frozen=True, kw_only=True):
    """A dossier as it stood right after an event."""

    MaHoSo: str
    MaTTHC: str
    TenTTHC: str
    MaLinhVuc: str
    TenLinhVuc: str
    KenhThucHien: str
    ChuHoSo: str
    LoaiDoiTuong: str
    MaDoiTuong: str
    SoGiayToChuHoSo: str
    ThongTinKhac: str
    Email: str
    Fax: str
    SoDienThoai: str
    TrichYeuHoSo: str
    NgayTiepNhan: str
    NgayNopHoSo: str
    NgayHenTra: str
    TrangThaiHoSo: str
    NgayTra: str
    NgayKetThucXuLy: str
    NgayTuChoi: str
    ThongTinTra: str
    HinhThuc: str
    DonViXuLy: str
    GhiChu: str
    NoiNopHoSo: str
    HoSoCoThanhPhanSoHoa: str
    TaiKhoanDuocXacThucVoiVNeID: str
    DuocThanhToanTrucTuyen: str
    DinhDanhCHS: DinhDanh
    TaiLieuNop: tuple[TaiLieu, ...] = ()
    DanhSachLePhi: tuple[LePhi, ...] = ()
    DanhSachTepDinhKemKhac: tuple[TaiLieu, ...] = ()
    DanhSachHoSoBoSung: tuple[BoSung, ...] = ()
    DanhSachGiayToKetQua: tuple[KetQua, ...] = ()
    DSKetNoiCSDL: tuple[KetNoi, ...] = ()


class TienDo(Record, frozen=True, kw_only=True):
    """One line of progress: who did what, and until when it is due."""

    MaHoSo: str
    NguoiXuLy: str
    ChucDanh: str
    ThoiDiemXuLy: str
    PhongBanXuLy: str
    NoiDungXuLy: str
    TrangThai: str
    NgayBatDau: str
    NgayKetThucTheoQuyDinh: str


def plain(record: Record) -> dict[str, Any]:
    """As it goes out: JSON has lists, no tuples."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(record))
    return found


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_DATA / "schema.json").read_text())
    return found


@cache
def _validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator({**schema(), "$ref": f"#/$defs/{kind}"})


def unfit(kind: str, record: dict[str, Any]) -> list[str]:
    """Names of what does not fit the portal's schema, without the values: they may be personal. Empty: it fits.

    kind   HoSo or TienDo
    """
    return sorted({_place(error) for error in _validator(kind).iter_errors(record)})


def _place(error: Any) -> str:
    where = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required" or error.validator == "additionalProperties":
        return f"{where or 'HoSo'}: {error.validator}"
    return f"{where or error.validator}: {error.validator}"
