"""Find my unit: an old or new address, however written, gives the units it belongs to on a day. Never a silent guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.remember import remembered
from thongsuot.kernel.text import one_line
from thongsuot.units import queries
from thongsuot.units.models import Succession, Unit, UnitName
from thongsuot.units.queries import UnitRow
from thongsuot.units.rules.gazetteer import Gazetteer, Heir, UnitFacts
from thongsuot.units.rules.reading import Reading, best_of, provinces_named, readings
from thongsuot.units.rules.words import words_of

LONGEST_TEXT = 300
_MOST_PLACES = 12
_MOST_SUGGESTIONS = 6
_NEAR = 0.78


class Certainty(StrEnum):
    CERTAIN = "certain"
    ONE_OF_SEVERAL = "one_of_several"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ReadAs:
    """A unit the text may mean. `within` is what it lies in, as people write it; `ended_on` when it is no more."""

    unit: UnitRow
    within: str
    written: str

    @property
    def ended_on(self) -> date | None:
        return self.unit.valid_to

    @property
    def full(self) -> str:
        return f"{self.unit.full_name}, {self.within}" if self.within else self.unit.full_name


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A unit the address belongs to, or may belong to, on the day asked for.

    extent      what of the read unit went here: whole, part, land_only, part_land_all_population
    likeliest   the likeliest target of a split, where someone has judged: an order to look in, never proof
    """

    unit: UnitRow
    city: UnitRow
    extent: str
    likeliest: bool
    read_as: tuple[ReadAs, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a text means.

    candidates    where the people of the address belong; one when certain
    land_only     units that got land of the read unit, but none of its people
    read_as       the units the text was taken to mean
    elsewhere     units of the same name in other provinces, set aside for those of this city
    remarks       what a person must know to trust the answer, as sentences
    suggestions   texts to try instead
    unread        the words that said nothing: house, street, or a name that is not known
    """

    text: str
    as_of: date
    certainty: Certainty
    candidates: tuple[Candidate, ...] = ()
    land_only: tuple[Candidate, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    elsewhere: tuple[ReadAs, ...] = ()
    remarks: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    unread: str = ""


def find(text: str, *, as_of: date, city_code: str | None = None) -> Found:
    """Read one free text. `city_code` is preferred among homonyms (default: the city of this installation), and said so.

    Raises BadInput when nothing or too much was written.
    """
    text = one_line(text)
    if not text:
        raise BadInput({"q": _("Hãy ghi nơi ở, ví dụ: phường Láng Hạ, quận Đống Đa.")})
    if len(text) > LONGEST_TEXT:
        raise BadInput({"q": _("Địa chỉ quá dài. Hãy chỉ ghi số nhà, tên đường, phường hoặc xã, quận hoặc huyện, tỉnh.")})
    gazetteer = gazetteer_now()
    every = readings(text, gazetteer, day=as_of)
    best = best_of(every)
    if not best:
        return _unknown(text, every, gazetteer, as_of, city_code)
    remarks: list[str] = []
    elsewhere: list[Reading] = []
    at_home = _of_city(best, gazetteer, city_code, as_of)
    if at_home and len(at_home) < len(best):
        elsewhere = [reading for reading in best if reading not in at_home]
        best = at_home
        remarks.append(
            _("Nơi khác cũng có tên này. Đây là nơi thuộc %(city)s; các nơi khác được liệt kê bên dưới.")
            % {"city": _city(city_code, as_of).full_name}
        )
    elif not at_home and len({reading.place.unit_id for reading in best}) > _MOST_PLACES:
        remark = _("Có %(count)s nơi cùng tên này. Hãy ghi thêm quận, huyện cũ hoặc tỉnh, thành phố.") % {"count": len(best)}
        return Found(
            text=text,
            as_of=as_of,
            certainty=Certainty.UNKNOWN,
            remarks=(remark,),
            elsewhere=_read_as(best[:_MOST_PLACES], gazetteer, as_of),
        )
    return _answer(text, best, elsewhere, remarks, gazetteer, as_of)


def _answer(
    text: str, best: list[Reading], elsewhere: list[Reading], remarks: list[str], gazetteer: Gazetteer, as_of: date
) -> Found:
    towards: dict[int, list[tuple[Reading, Heir]]] = {}
    for reading in best:
        for heir in gazetteer.on(reading.place.unit_id, as_of):
            towards.setdefault(heir.unit_id, []).append((reading, heir))
    # All names at once: each is asked for again below, and remembered by then.
    concerned = [*towards, *(reading.place.unit_id for reading in (*best, *elsewhere[:_MOST_PLACES]))]
    rows = queries.unit_rows({one for unit_id in concerned for one in gazetteer.with_ancestors(unit_id)}, as_of=as_of)
    read_as = {one.unit.id: one for one in _read_as(best, gazetteer, as_of)}
    with_people: list[Candidate] = []
    land_only: list[Candidate] = []
    for unit_id, ways in towards.items():
        peopled = [(reading, heir) for reading, heir in ways if heir.took_people]
        ways = peopled or ways
        candidate = Candidate(
            unit=rows[unit_id],
            city=rows[gazetteer.province_of(unit_id)],
            extent=_fullest(heir.extent for _reading, heir in ways),
            likeliest=len(towards) > 1 and any(heir.likeliest for _reading, heir in ways),
            read_as=tuple(read_as[reading.place.unit_id] for reading, _heir in ways),
        )
        (with_people if peopled else land_only).append(candidate)
    # Stable: within equals the order of `Gazetteer.on` stays, those that took most first.
    with_people.sort(key=lambda one: (not _named_itself(one), not one.likeliest, -len(one.read_as)))
    certain = len(with_people) == 1
    # Without a commune's name, the words that said nothing may hide one.
    vague = not certain and any(reading.place.level == Unit.Level.DISTRICT for reading in best)
    return Found(
        text=text,
        as_of=as_of,
        certainty=Certainty.CERTAIN if certain else Certainty.ONE_OF_SEVERAL if with_people else Certainty.UNKNOWN,
        candidates=tuple(with_people),
        land_only=tuple(land_only),
        read_as=tuple(read_as.values()),
        elsewhere=_read_as(elsewhere[:_MOST_PLACES], gazetteer, as_of),
        remarks=(*remarks, *_remarks(best, read_as, certain=certain)),
        suggestions=tuple(_near_misses(best[0].unread, gazetteer, [one.place.unit_id for one in best])) if vague else (),
        unread=best[0].unread,
    )


def _named_itself(candidate: Candidate) -> bool:
    """The text names the unit of today, not one of before."""
    return any(one.unit.id == candidate.unit.id for one in candidate.read_as)


def _fullest(extents: Iterable[str]) -> str:
    order = list(Succession.Extent)  # whole, part, land_only, part_land_all_population
    found = set(extents)
    if Succession.Extent.PART_LAND_ALL_POPULATION in found and Succession.Extent.WHOLE not in found:
        return Succession.Extent.PART_LAND_ALL_POPULATION
    return min(found, key=lambda extent: order.index(Succession.Extent(extent)))


def _remarks(best: list[Reading], read_as: dict[int, ReadAs], *, certain: bool) -> list[str]:
    said: list[str] = []
    if all(reading.place.level == Unit.Level.DISTRICT for reading in best) and not certain:
        said.append(
            _(
                "Chưa thấy tên phường, xã. Dưới đây là các đơn vị mà %(district)s đã thành; ghi thêm tên phường, xã cũ "
                "thì câu trả lời chắc hơn."
            )
            % {"district": read_as[best[0].place.unit_id].unit.full_name}
        )
    elif len(best) > 1 and not certain:
        said.append(_("Cách ghi này hợp với nhiều đơn vị. Ghi rõ phường, xã, quận hoặc huyện thì câu trả lời chắc hơn."))
    street = next((reading for reading in best if reading.perhaps_a_street), None)
    if street:
        said.append(
            _("“%(name)s” được hiểu là tên đơn vị. Nếu đó là tên đường, hãy ghi thêm tên phường hoặc xã.")
            % {"name": read_as[street.place.unit_id].unit.name}
        )
    if best[0].inexact:
        said.append(_("Chữ bạn ghi không khớp hẳn với tên đơn vị. Hãy xem lại tên bên dưới."))
    return said


def _unknown(text: str, every: list[Reading], gazetteer: Gazetteer, as_of: date, city_code: str | None) -> Found:
    later = [one for one in readings(text, gazetteer, day=date.max) if one.points > 0 and not one.contradicted]
    if not every and later:
        unit = queries.unit_row(later[0].place.unit_id, as_of=date.max)
        remark = _("%(unit)s bắt đầu hoạt động từ ngày %(day)s, sau ngày bạn hỏi.") % {
            "unit": unit.full_name,
            "day": f"{unit.valid_from:%d/%m/%Y}",
        }
        return Found(text=text, as_of=as_of, certainty=Certainty.UNKNOWN, remarks=(remark,))
    contradicted = [one for one in every if one.contradicted and one.kind_given][:_MOST_SUGGESTIONS]
    if contradicted:
        remark = _("Các tên bạn ghi không thuộc cùng một nơi. Có phải bạn muốn tìm một trong các nơi sau?")
        suggestions = [one.full for one in _read_as(contradicted, gazetteer, as_of)]
    elif provinces_named(text, gazetteer) and not every:
        remark = _("Hãy ghi thêm tên phường, xã, hoặc quận, huyện cũ: riêng tên tỉnh, thành phố thì chưa đủ.")
        suggestions = []
    else:
        remark = _("Chưa tìm thấy phường, xã nào có tên này. Hãy ghi phường hoặc xã, rồi quận hoặc huyện, như trên giấy tờ.")
        suggestions = _near_misses(text, gazetteer, [_city(city_code, as_of).id])
    return Found(text=text, as_of=as_of, certainty=Certainty.UNKNOWN, remarks=(remark,), suggestions=tuple(suggestions))


def _near_misses(unread: str, gazetteer: Gazetteer, within: list[int]) -> list[str]:
    """Communes below these units whose names look much like the words that said nothing."""
    words = [word.key for word in words_of(unread) if not word.key[0].isdigit()]
    grams = {" ".join(words[start : start + length]) for length in (1, 2, 3) for start in range(len(words) - length + 1)}
    named = gazetteer.communes_under(within) if grams else {}
    close = {
        key: max(SequenceMatcher(None, gram, key).ratio() for gram in grams)
        for gram in grams
        if len(gram) > 3
        for key in get_close_matches(gram, named, n=3, cutoff=_NEAR)
    }
    best = sorted(close, key=lambda key: -close[key])
    ids = list(dict.fromkeys(unit_id for key in best for unit_id in named[key]))[:_MOST_SUGGESTIONS]
    return [one.full for one in _described(((unit_id, "") for unit_id in ids), gazetteer, date.max)]


def _read_as(found: list[Reading], gazetteer: Gazetteer, as_of: date) -> tuple[ReadAs, ...]:
    return tuple(_described(((one.place.unit_id, one.written) for one in found), gazetteer, as_of))


def _described(found: Iterable[tuple[int, str]], gazetteer: Gazetteer, as_of: date) -> list[ReadAs]:
    """With the names the units bore while they existed, and what they lay in then."""
    found = list(found)
    described: list[ReadAs] = []
    queries.unit_rows([one for unit_id, _written in found for one in gazetteer.with_ancestors(unit_id)], as_of=as_of)
    for unit_id, written in found:
        unit = gazetteer.units[unit_id]
        day = as_of if unit.valid_to is None or as_of < unit.valid_to else unit.valid_to - timedelta(days=1)
        above = [queries.unit_row(one, as_of=day).full_name for one in gazetteer.with_ancestors(unit_id)[1:]]
        described.append(ReadAs(unit=queries.unit_row(unit_id, as_of=day), within=", ".join(above), written=written))
    return described


def _of_city(found: list[Reading], gazetteer: Gazetteer, city_code: str | None, as_of: date) -> list[Reading]:
    city = _city(city_code, as_of).id
    return [one for one in found if city in one.place.above or gazetteer.province_of(one.place.unit_id) == city]


def _city(city_code: str | None, as_of: date) -> UnitRow:
    return queries.unit_by_code(city_code or settings.CITY_CODE, as_of=as_of)


_VERSION = """
SELECT (SELECT count(*) FROM units_unitname), (SELECT coalesce(max(id), 0) FROM units_unitname),
       (SELECT count(*) FROM units_succession), (SELECT coalesce(max(id), 0) FROM units_succession)
"""

_built: tuple[tuple[int, ...], Gazetteer] | None = None


def _version() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return tuple(cursor.fetchone())


_soon = remembered(seconds=queries.SOON)(_version)


def gazetteer_now(*, fresh: bool = False) -> Gazetteer:
    """Kept per process and built anew when names or successions came: names are only ever added.

    fresh   look now; otherwise what another process changed may be seen some seconds later
    """
    global _built
    version = _version() if fresh else _soon()
    if _built is None or _built[0] != version:
        _built = (version, _build())
    return _built[1]


def _build() -> Gazetteer:
    places = Unit.objects.exclude(level=Unit.Level.AGENCY)  # nobody lives in a department
    units = places.values_list("id", "level", "parent_id", "valid_from", "valid_to")
    return Gazetteer(
        units=[UnitFacts(*row) for row in units.iterator(chunk_size=5_000)],
        names=UnitName.objects.filter(unit__in=places).values_list("unit_id", "kind", "name").order_by("unit_id", "valid_from"),
        successions=Succession.objects.values_list("old_unit_id", "new_unit_id", "extent", "likeliest"),
    )
