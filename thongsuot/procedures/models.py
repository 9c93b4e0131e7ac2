"""The catalogue of procedures: what each asks for, by when, at what price, who is competent; all of it dated."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.deadlines import LimitUnit
from thongsuot.kernel.periods import Dated

_PERIOD = Func(F("valid_from"), F("valid_to"), function="daterange")


def _one(column: str) -> Func:
    """An id as a range of one: so PostgreSQL excludes overlapping periods per id without an extension."""
    return Func(F(column), F(column), Value("[]"), function="int8range")


class Field(models.Model):
    """A field of administration. Vietnamese: lĩnh vực."""

    code = models.CharField(max_length=120, unique=True, help_text="the name as a slug")
    name = models.CharField(_("tên lĩnh vực"), max_length=200)
    search_name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=420)

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure for as long as it is known. Vietnamese: thủ tục hành chính.

    Name and field are those of the version published last; each version keeps the name it was published with.
    """

    class Kind(models.TextChoices):
        NATIONAL = "national", _("theo mã quốc gia")
        LOCAL = "local", _("mã của thành phố")

    code = models.CharField(_("mã thủ tục"), max_length=20, unique=True)
    name = models.CharField(_("tên thủ tục"), max_length=1000)
    search_key = models.CharField(max_length=1500, help_text="name, other names, code, field; a blank before each word")
    sort_name = models.CharField(max_length=2100)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="procedures", verbose_name=_("lĩnh vực"))
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NATIONAL)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="procedure_national_code", condition=~Q(kind="national") | Q(code__regex=r"^\d\.\d{6}$")
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(Dated):
    """What a procedure says from a day on. Never changed once published: only its end is set, by the next version.

    A dossier holds the id of the version it was received under. JSON columns hold the types of `content`.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("phiên bản"))
    name = models.CharField(max_length=1000)
    also_called = models.CharField(_("còn gọi là"), max_length=200, blank=True, help_text="as people say it: sao y")
    limit_value = models.PositiveIntegerField(_("thời hạn"))
    limit_unit = models.CharField(max_length=16, choices=[(unit.value, unit.value) for unit in LimitUnit])
    extension_days = models.PositiveSmallIntegerField(default=0, help_text="working days that may be added once")
    papers = models.JSONField(default=list)
    fee_rules = models.JSONField(default=list)
    results = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    form_schema = models.JSONField(default=dict)
    subjects = ArrayField(
        models.CharField(max_length=24), default=list, db_default=[], help_text="content.Subject; empty: not known"
    )
    channels = ArrayField(models.PositiveSmallIntegerField(), help_text="1 counter, 2 online, 3 post")
    fully_online = models.BooleanField(_("toàn trình"), default=False)
    non_boundary = models.BooleanField(_("nộp được ở mọi nơi trong thành phố"), default=False)
    legal_basis = models.JSONField(default=list)
    decision_number = models.CharField(_("quyết định công bố"), max_length=60, blank=True, db_default="")
    decision_on = models.DateField(_("ngày ký quyết định công bố"), null=True, blank=True)
    has_own_process = models.BooleanField(_("có quy trình điện tử riêng"), default=False)
    unverified = ArrayField(models.CharField(max_length=20), default=list, help_text="parts no text was read for: rules.PARTS")
    source = models.CharField(max_length=400, blank=True, help_text="where the facts were read")
    source_url = models.URLField(max_length=200, blank=True, help_text="the page of the national portal")
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(null=True)
    published_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="version_numbered", fields=["procedure", "number"]),
            models.CheckConstraint(name="version_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))),
            models.CheckConstraint(
                name="version_decision",
                condition=Q(decision_number="", decision_on=None) | ~Q(decision_number="") & ~Q(decision_on=None),
            ),
            models.CheckConstraint(name="version_limit_unit", condition=Q(limit_unit__in=[unit.value for unit in LimitUnit])),
            models.CheckConstraint(name="version_limit", condition=Q(limit_unit="same_day") | Q(limit_value__gte=1)),
            models.CheckConstraint(
                name="version_channels", condition=Q(channels__len__gte=1) & Q(channels__contained_by=[1, 2, 3])
            ),
            ExclusionConstraint(
                name="version_one_at_a_time",
                expressions=[(_one("procedure_id"), "&&"), (_PERIOD, "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.number}"


class Competence(Dated):
    """Who may resolve a procedure, by what right, from when to when. Vietnamese: thẩm quyền.

    `unit` names one unit; without it the row means every unit of `level` in the city, whichever exist on the day.
    """

    class Kind(models.TextChoices):
        DEVOLVED = "devolved", _("phân quyền")
        DECENTRALISED = "decentralised", _("phân cấp")
        DELEGATED = "delegated", _("ủy quyền")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="competences")
    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=[("commune", _("cấp xã")), ("province", _("cấp tỉnh"))])
    kind = models.CharField(max_length=14, choices=Kind)
    body_kind = models.CharField(max_length=24, default="people_committee", help_text="units.Body.Kind")
    basis = models.CharField(_("căn cứ"), max_length=400)
    basis_is_assumed = models.BooleanField(default=False, help_text="no text was read that names this procedure")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="competence_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(name="delegation_has_an_end", condition=~Q(kind="delegated") | Q(valid_to__isnull=False)),
            models.CheckConstraint(name="competence_level", condition=Q(level__in=["commune", "province"])),
            models.CheckConstraint(name="competence_basis", condition=~Q(basis="")),
            ExclusionConstraint(
                name="competence_of_a_unit_once",
                expressions=[(_one("procedure_id"), "&&"), (_one("unit_id"), "&&"), (_PERIOD, "&&")],
                condition=Q(unit__isnull=False),
            ),
            ExclusionConstraint(
                name="competence_of_all_communes_once",
                expressions=[(_one("procedure_id"), "&&"), (_one("city_id"), "&&"), (_PERIOD, "&&")],
                condition=Q(unit__isnull=True, level="commune"),
            ),
            ExclusionConstraint(
                name="competence_of_the_city_once",
                expressions=[(_one("procedure_id"), "&&"), (_one("city_id"), "&&"), (_PERIOD, "&&")],
                condition=Q(unit__isnull=True, level="province"),
            ),
        ]
        indexes = [models.Index(name="competence_city", fields=["city", "level", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.kind} {self.level} {self.unit_id or self.city_id}"


class CatalogueImport(models.Model):
    """One file of procedures read in: what became of its rows. Vietnamese: lần nhập danh mục."""

    file_name = models.CharField(_("tệp"), max_length=200)
    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    imported_by_name = models.CharField(max_length=200)
    loaded = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    kept = models.PositiveIntegerField(help_text="procedures whose own process a file does not overwrite")
    rejected = models.JSONField(default=list, help_text='[{"row", "code", "reason"}]')

    class Meta:
        indexes = [models.Index(name="catalogue_import_at", fields=["city", "-imported_at"])]

    def __str__(self) -> str:
        return self.file_name


class ProcessDraft(models.Model):
    """An e-process being drawn, before it is published. One a procedure, whoever draws. Vietnamese: bản thảo quy trình."""

    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="process_draft")
    steps = models.JSONField(default=list)
    revision = models.PositiveIntegerField(help_text="counts what was kept, so that a stale page is noticed")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.procedure_id} draft {self.token}"

    @property
    def token(self) -> str:
        """What a page that shows this draft sends back. A later draft of the procedure never has the same."""
        return f"{self.pk}-{self.revision}"
