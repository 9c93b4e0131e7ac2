"""What units are called and which bodies they have. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from thongsuot.units.facts import BodyFact, NameFact, PointFact
from thongsuot.units.models import Body, UnitName

Kind = UnitName.Kind

# A city under central government is "Thành phố" in its name, as a provincial city was.
_PREFIX: dict[str, str] = {
    Kind.PROVINCE: "Tỉnh",
    Kind.CITY: "Thành phố",
    Kind.DISTRICT: "Huyện",
    Kind.URBAN_DISTRICT: "Quận",
    Kind.TOWN: "Thị xã",
    Kind.PROVINCIAL_CITY: "Thành phố",
    Kind.COMMUNE: "Xã",
    Kind.WARD: "Phường",
    Kind.TOWNSHIP: "Thị trấn",
    Kind.SPECIAL_ZONE: "Đặc khu",
}

PHU_QUOC = "Phú Quốc"
PLAIN_ECONOMY_OFFICE = "Phòng Kinh tế"
URBAN_ECONOMY_OFFICE = "Phòng Kinh tế, Hạ tầng và Đô thị"


def full_name(kind: str, name: str) -> str:
    """With its kind before it; an agency's name says what it is."""
    return name if kind == Kind.AGENCY else f"{_PREFIX[kind]} {name}"


def economy_office_name(kind: str, name: str) -> str:
    """A ward's office also keeps infrastructure; so does that of Phú Quốc, the one special zone with a town.

    source    NĐ 150/2025/NĐ-CP
    """
    urban = kind == Kind.WARD or (kind == Kind.SPECIAL_ZONE and name == PHU_QUOC)
    return URBAN_ECONOMY_OFFICE if urban else PLAIN_ECONOMY_OFFICE


def commune_bodies(names: Sequence[NameFact]) -> list[BodyFact]:
    """The bodies of a commune-level unit, by what it has been called. A change of kind ends one office and begins another."""
    bodies = [
        BodyFact(kind=Body.Kind.PEOPLE_COUNCIL, name="Hội đồng nhân dân"),
        BodyFact(kind=Body.Kind.PEOPLE_COMMITTEE, name="Ủy ban nhân dân"),
        BodyFact(kind=Body.Kind.OFFICE, name="Văn phòng HĐND và UBND", part_of=Body.Kind.PEOPLE_COMMITTEE),
    ]
    offices: list[BodyFact] = []
    for called in names:
        name = economy_office_name(called.kind, called.name)
        if offices and offices[-1].name == name:
            offices[-1] = BodyFact(
                kind=Body.Kind.ECONOMY_OFFICE,
                name=name,
                part_of=Body.Kind.PEOPLE_COMMITTEE,
                valid_from=offices[-1].valid_from,
                valid_to=called.valid_to,
            )
        else:
            offices.append(
                BodyFact(
                    kind=Body.Kind.ECONOMY_OFFICE,
                    name=name,
                    part_of=Body.Kind.PEOPLE_COMMITTEE,
                    valid_from=called.valid_from,
                    valid_to=called.valid_to,
                )
            )
    return [
        *bodies,
        *offices,
        BodyFact(kind=Body.Kind.CULTURE_SOCIETY_OFFICE, name="Phòng Văn hóa - Xã hội", part_of=Body.Kind.PEOPLE_COMMITTEE),
        BodyFact(kind=Body.Kind.SERVICE_CENTRE, name="Trung tâm Phục vụ hành chính công", part_of=Body.Kind.PEOPLE_COMMITTEE),
    ]


# Below come the departments of a city; 103 places leave room for them and give phường Hoàn Kiếm H26.107.
_PLACES_OF_DEPARTMENTS = 103


def example_identifiers(city_identifier: str, codes: Sequence[str]) -> dict[str, str]:
    """Identifiers for communes while the national list is not at hand: stable, by order of codes. Mark them as examples."""
    return {code: f"{city_identifier}.{_PLACES_OF_DEPARTMENTS + place}" for place, code in enumerate(sorted(codes), start=1)}


def example_point(full: str, city: str, place: int, latitude: float | None, longitude: float | None) -> PointFact:
    """A service point with an address nobody can mistake for a real one, and a phone that does not ring."""
    return PointFact(
        name=f"Điểm phục vụ hành chính công {full[0].lower()}{full[1:]}",
        address=f"Số {place} đường Ví Dụ, {full}, {city}",
        opening_hours="Thứ Hai đến thứ Sáu: 08:00-12:00, 13:00-17:00",
        phone=f"0000 000 {place:03d}",
        latitude=latitude,
        longitude=longitude,
        is_example=True,
    )
