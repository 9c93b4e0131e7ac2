"""Administrative units, what they are called and when, what became of them; their bodies, service points and calendar."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated


def one_at_a_time(name: str, owner: str) -> ExclusionConstraint:
    """No two rows of one owner hold on the same day. Written with ranges of one number: that needs no extension."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Func(F(owner), F(owner), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
            (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS),
        ],
    )


class Unit(Dated):
    """A unit of one level for as long as it exists. Codes are used again after an end: code and period name it.

    A change of name or kind is a new UnitName; an end is `valid_to` and a Succession. Vietnamese: đơn vị hành chính.
    A body that receives or resolves in its own name (a department, a branch, a tax office) has a unit of level agency: an
    identifier, series, people and figures of its own, without territory.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("cấp tỉnh")
        DISTRICT = "district", _("cấp huyện")  # ended on 2025-07-01
        COMMUNE = "commune", _("cấp xã")
        AGENCY = "agency", _("cơ quan")  # no administrative unit: see `Serving` and docs/adr

    code = models.CharField(max_length=5, db_index=True, help_text="national code: 2, 3 or 5 digits by level")
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    agency_identifier = models.CharField(
        _("mã định danh điện tử"), max_length=35, blank=True, help_text="of the unit's people's committee, as H26.107"
    )
    identifier_is_example = models.BooleanField(default=False, help_text="made up by us: not the national list's")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area_km2 = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="unit_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))),
            models.UniqueConstraint(name="unit_code_from", fields=["code", "valid_from"]),
        ]
        indexes = [models.Index(name="unit_parent", fields=["parent", "level"])]

    def __str__(self) -> str:
        return f"{self.level} {self.code}"


class Decision(models.Model):
    """The act that makes units end, begin, or change name or kind. Vietnamese: nghị quyết sắp xếp đơn vị hành chính.

    `effective_on`: the day the new units begin to work, not that of the vote; its instant is the first of that day in Việt Nam.
    What came with the country's data was approved long ago. A draft is written as PlannedUnit and PlannedSuccession; approving
    it writes the dated rows of units, which speak of its instant by themselves.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        CHECKED = "checked", _("Đã kiểm tra")
        APPROVED = "approved", _("Đã duyệt")
        WITHDRAWN = "withdrawn", _("Đã rút")

    number = models.CharField(_("số, ký hiệu"), max_length=60, unique=True)
    title = models.CharField(_("trích yếu"), max_length=300)
    signed_on = models.DateField(_("ngày ký"), null=True)
    effective_on = models.DateField(_("có hiệu lực từ ngày"))
    state = models.CharField(max_length=10, choices=State, default=State.APPROVED, db_default="approved")
    province = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", help_text="whose communes it orders"
    )
    expected = models.JSONField(default=dict, db_default={}, help_text='how many units begin, as its text says: {"phuong": 51}')
    left_out = models.IntegerField(default=0, db_default=0, help_text="lines of its file that could not be used")
    drafted_at = models.DateTimeField(null=True)
    drafted_by_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_state", condition=Q(state__in=["draft", "checked", "approved", "withdrawn"])),
        ]

    def __str__(self) -> str:
        return self.number


class UnitName(Dated):
    """What a unit is called and of which kind it is, for a time."""

    class Kind(models.TextChoices):
        PROVINCE = "tinh", _("tỉnh")
        CITY = "thanh_pho_tw", _("thành phố trực thuộc trung ương")
        DISTRICT = "huyen", _("huyện")
        URBAN_DISTRICT = "quan", _("quận")
        TOWN = "thi_xa", _("thị xã")
        PROVINCIAL_CITY = "thanh_pho", _("thành phố")
        COMMUNE = "xa", _("xã")
        WARD = "phuong", _("phường")
        TOWNSHIP = "thi_tran", _("thị trấn")
        SPECIAL_ZONE = "dac_khu", _("đặc khu")
        AGENCY = "co_quan", _("cơ quan")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=120, help_text="without its kind: Hoàn Kiếm")
    full_name = models.CharField(max_length=160, help_text="with its kind: Phường Hoàn Kiếm")
    search_name = models.CharField(max_length=120, db_index=True)
    sort_name = models.CharField(max_length=260)
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="names")

    class Meta:
        constraints = [one_at_a_time("unit_name_one_at_a_time", "unit")]

    def __str__(self) -> str:
        return self.full_name


class Succession(models.Model):
    """All or part of an ended unit went to a new one.

    part           which part, in the words of the decision; `PartPlace` are the names in it that addresses carry
    keeps_records  what stays whole (closed dossiers, books, archives) is answered for by this successor alone
    """

    class Extent(models.TextChoices):
        WHOLE = "whole", _("toàn bộ")
        PART = "part", _("một phần")
        LAND_ONLY = "land_only", _("chỉ đất, không có dân")
        PART_LAND_ALL_POPULATION = "part_land_all_population", _("một phần đất, toàn bộ dân")

    old_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    new_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")
    extent = models.CharField(max_length=26, choices=Extent)
    likeliest = models.BooleanField(default=False, help_text="the likeliest of a split: a guess, never proof")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT)
    evidence = models.CharField(max_length=200, blank=True)
    part = models.CharField(max_length=2000, blank=True, default="", db_default="")
    keeps_records = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="succession_once", fields=["old_unit", "new_unit"]),
            models.UniqueConstraint(name="succession_one_keeper", fields=["old_unit"], condition=Q(keeps_records=True)),
        ]

    def __str__(self) -> str:
        return f"{self.old_unit_id} -> {self.new_unit_id} {self.extent}"


class PartPlace(models.Model):
    """A street, village or group of the part that went there, as people write it: "thôn Đông", "tổ dân phố số 5"."""

    succession = models.ForeignKey(Succession, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, help_text="its words without marks, parted by one blank")

    class Meta:
        constraints = [models.UniqueConstraint(name="part_place_once", fields=["succession", "key"])]

    def __str__(self) -> str:
        return self.name


class PlannedUnit(models.Model):
    """A line of a draft decision: a unit that begins, ends, or changes its name or kind.

    `parent_code` is the unit it is to lie in; one that ends or changes is the one that bears the code on the day before.
    """

    class What(models.TextChoices):
        BEGINS = "begins", _("thành lập")
        ENDS = "ends", _("kết thúc")
        CHANGES = "changes", _("đổi tên, đổi loại")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="planned_units")
    what = models.CharField(max_length=7, choices=What)
    code = models.CharField(_("mã"), max_length=5)
    level = models.CharField(max_length=10, choices=Unit.Level)
    parent_code = models.CharField(max_length=5, blank=True)
    kind = models.CharField(_("loại"), max_length=12, choices=UnitName.Kind, blank=True)
    name = models.CharField(_("tên"), max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="planned_unit_once", fields=["decision", "code", "what"])]

    def __str__(self) -> str:
        return f"{self.code} {self.what}"


class PlannedSuccession(models.Model):
    """A line of a draft decision: from the unit that bears `old_code` until then to the one that bears `new_code` after."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="planned_successions")
    old_code = models.CharField(_("mã cũ"), max_length=5)
    new_code = models.CharField(_("mã mới"), max_length=5)
    extent = models.CharField(max_length=26, choices=Succession.Extent)
    likeliest = models.BooleanField(default=False)
    part = models.CharField(max_length=2000, blank=True)
    places = models.JSONField(default=list, help_text="streets, villages, groups of the part")
    evidence = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="planned_succession_once", fields=["decision", "old_code", "new_code"])]

    def __str__(self) -> str:
        return f"{self.old_code} -> {self.new_code} {self.extent}"


class Body(Dated):
    """A body of a unit: committee, council, office, centre, division, department. Vietnamese: cơ quan, đơn vị trực thuộc."""

    class Kind(models.TextChoices):
        PEOPLE_COUNCIL = "people_council", _("Hội đồng nhân dân")
        PEOPLE_COMMITTEE = "people_committee", _("Ủy ban nhân dân")
        OFFICE = "office", _("Văn phòng HĐND và UBND")
        ECONOMY_OFFICE = "economy_office", _("Phòng Kinh tế")
        CULTURE_SOCIETY_OFFICE = "culture_society_office", _("Phòng Văn hóa - Xã hội")
        SERVICE_CENTRE = "service_centre", _("Trung tâm Phục vụ hành chính công")
        DIVISION = "division", _("phòng")
        BRANCH = "branch", _("chi nhánh")
        PUBLIC_SERVICE_UNIT = "public_service_unit", _("đơn vị sự nghiệp công")
        DEPARTMENT = "department", _("sở")
        TAX = "tax", _("cơ quan thuế")
        LAND_REGISTRATION = "land_registration", _("văn phòng đăng ký đất đai")
        POLICE = "police", _("công an")
        SOCIAL_INSURANCE = "social_insurance", _("bảo hiểm xã hội")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bodies")
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=24, choices=Kind)
    name = models.CharField(max_length=200)
    is_example = models.BooleanField(default=False, help_text="made up for the demo city")

    class Meta:
        indexes = [models.Index(name="body_unit_kind", fields=["unit", "kind"])]

    def __str__(self) -> str:
        return self.name


class Serving(Dated):
    """Which body plays a partner's role for a unit, for a time; without `unit` for every unit of the city.

    `role` is a code of `data/roles.csv`: steps of an inter-agency process name it. Vietnamese: cơ quan phối hợp.
    """

    role = models.CharField(max_length=40)
    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="servings")

    class Meta:
        constraints = [
            models.CheckConstraint(name="serving_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))),
            models.UniqueConstraint(name="serving_once", fields=["role", "city", "unit", "valid_from"], nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.unit_id or self.city_id}: {self.body_id}"


class ServicePoint(Dated):
    """Where people go. What it is called, where it is and who runs it may change; its id, dossiers and figures stay.

    Vietnamese: điểm phục vụ.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="service_points")
    continues = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="continued_by", help_text="the same house, of an ended unit"
    )

    def __str__(self) -> str:
        return f"service point {self.pk}"


class PointDetails(Dated):
    """How a service point is found, for a time."""

    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="details")
    name = models.CharField(_("tên"), max_length=200)
    address = models.CharField(_("địa chỉ"), max_length=300)
    opening_hours = models.CharField(_("giờ mở cửa"), max_length=200)
    phone = models.CharField(_("điện thoại"), max_length=20)
    latitude = models.FloatField(_("vĩ độ"), null=True, blank=True)
    longitude = models.FloatField(_("kinh độ"), null=True, blank=True)
    is_example = models.BooleanField(default=False, help_text="address, hours and phone are made up")

    class Meta:
        constraints = [one_at_a_time("point_details_one_at_a_time", "point")]

    def __str__(self) -> str:
        return self.name


class PointManagement(Dated):
    """Which body runs a service point, from when to when."""

    point = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="managements")
    managed_by = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)

    class Meta:
        constraints = [one_at_a_time("point_management_one_at_a_time", "point")]

    def __str__(self) -> str:
        return f"{self.point_id} by {self.managed_by_id}"


class Boundary(models.Model):
    """A unit's outline as GeoJSON, imported when given; never shipped with the product."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="boundary")
    geometry = models.JSONField()
    source = models.CharField(max_length=200)
    # The box around it, so that few outlines are looked at for a point.
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    def __str__(self) -> str:
        return f"boundary of {self.unit_id}"


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: off, or worked in exchange. Edited by administrators."""

    class Effect(models.TextChoices):
        OFF = "off", _("nghỉ")
        WORK = "work", _("làm việc")

    date = models.DateField(unique=True)
    effect = models.CharField(max_length=4, choices=Effect)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True)
    provisional = models.BooleanField(default=False)
    basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.date} {self.effect}"


class WorkingHours(Dated):
    """Shifts and the same-day cut-off of a city, for a time. Dated like every rule."""

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    morning_starts = models.TimeField()
    morning_ends = models.TimeField()
    afternoon_starts = models.TimeField()
    afternoon_ends = models.TimeField()
    cut_off = models.TimeField()
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [one_at_a_time("working_hours_one_at_a_time", "city")]

    def __str__(self) -> str:
        return f"{self.morning_starts}-{self.afternoon_ends}"


class Facility(Dated):
    """A place of public service that is no service point: a health station or one of its points. Vietnamese: cơ sở.

    What it is, whose it is and where it is found may change, each for a time; it and its code stay.
    """

    class Kind(models.TextChoices):
        HEALTH_STATION = "health_station", _("trạm y tế")
        HEALTH_POINT = "health_point", _("điểm y tế")  # of a station

    code = models.CharField(_("mã cơ sở"), max_length=20, unique=True)

    def __str__(self) -> str:
        return self.code


class FacilityConversion(models.Model):
    """The act by which facilities become of another kind, and service points come under another body, all on one day.

    Planned like a Decision: drafted as ConversionLine, and approving it writes the dated rows. `effective_on`: at 0:00 of that
    day. `expected`: how many of each kind its text counts, {"health_station": 126, "health_point": 400, "point": 1}.
    Vietnamese: quyết định chuyển đổi cơ sở.
    """

    number = models.CharField(_("số, ký hiệu"), max_length=60, unique=True)
    title = models.CharField(_("trích yếu"), max_length=300)
    signed_on = models.DateField(_("ngày ký"), null=True)
    effective_on = models.DateField(_("có hiệu lực từ ngày"))
    state = models.CharField(max_length=10, choices=Decision.State, default=Decision.State.DRAFT)
    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", help_text="whose facilities it orders")
    expected = models.JSONField(default=dict)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=200)
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conversion_state", condition=Q(state__in=["draft", "checked", "approved", "withdrawn"])
            ),
        ]

    def __str__(self) -> str:
        return self.number


class FacilityStanding(Dated):
    """What a facility is for a time: its kind, its name, its unit, and the station whose point it is."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="standings")
    kind = models.CharField(_("loại"), max_length=20, choices=Facility.Kind)
    name = models.CharField(_("tên"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="facility_standings")
    parent = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="child_standings")
    conversion = models.ForeignKey(FacilityConversion, null=True, on_delete=models.PROTECT, related_name="standings")

    class Meta:
        constraints = [
            one_at_a_time("facility_standing_one_at_a_time", "facility"),
            models.CheckConstraint(
                name="facility_standing_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityDetails(Dated):
    """How a facility is found, for a time."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="details")
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    opening_hours = models.CharField(_("giờ mở cửa"), max_length=200, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    latitude = models.FloatField(_("vĩ độ"), null=True, blank=True)
    longitude = models.FloatField(_("kinh độ"), null=True, blank=True)

    class Meta:
        constraints = [one_at_a_time("facility_details_one_at_a_time", "facility")]

    def __str__(self) -> str:
        return self.address


class ConversionLine(models.Model):
    """A line of a conversion: what a facility is from then on, or which body runs a service point from then on.

    `name` and `unit` empty: as before. `chosen_by`: why this station is its unit's central one, where the product proposed it.
    """

    conversion = models.ForeignKey(FacilityConversion, on_delete=models.CASCADE, related_name="lines")
    facility = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("loại"), max_length=20, choices=Facility.Kind, blank=True)
    name = models.CharField(_("tên mới"), max_length=200, blank=True)
    parent = models.ForeignKey(Facility, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, null=True, on_delete=models.PROTECT, related_name="+")
    managed_by = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_by = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="conversion_line_facility_once", fields=["conversion", "facility"]),
            models.UniqueConstraint(name="conversion_line_point_once", fields=["conversion", "point"]),
            models.CheckConstraint(
                name="conversion_line_of_one_thing",
                condition=(Q(facility__isnull=False, point__isnull=True) & ~Q(kind=""))
                | Q(facility__isnull=True, point__isnull=False, managed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversion_id}: {self.facility_id or self.point_id}"
