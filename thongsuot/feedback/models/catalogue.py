"""What may be reported, what is asked about it, and who answers for it."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.feedback.words import PublicPoint, Stream, Urgency
from thongsuot.kernel.periods import Dated


class Category(Dated):
    """A kind of matter: pothole, rubbish, a rule. Vietnamese: lĩnh vực phản ánh. In Open311 a service; `code`: service_code.

    straight          goes to the unit at once; False: an operator looks first
    needs_place       cannot be routed without a place
    masked            nothing that tells who or where exactly is published, whatever the sender asked
    same_metres       how far apart, and
    same_days         how long after each other two tickets may be and still be about one thing
    public_decimals   how near the public map says where; masked: not at all
    script            what the operator of the hotline asks and says
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("tên"), max_length=120)
    group = models.CharField(_("nhóm"), max_length=80)
    description = models.CharField(_("mô tả"), max_length=500, blank=True)
    stream = models.CharField(_("luồng"), max_length=10, choices=Stream)
    keywords = ArrayField(models.CharField(max_length=40), default=list, help_text="search keys: words without marks")
    urgency = models.CharField(_("mức độ"), max_length=7, choices=Urgency, default=Urgency.NORMAL)
    straight = models.BooleanField(_("chuyển thẳng"), default=True)
    needs_place = models.BooleanField(_("cần nơi xảy ra"), default=True)
    masked = models.BooleanField(_("che khi công khai"), default=False)
    public_decimals = models.SmallIntegerField(
        _("điểm công khai chính xác đến"), choices=PublicPoint, default=PublicPoint.SPOT, db_default=4
    )
    same_metres = models.IntegerField(_("cùng một nơi trong (mét)"), default=60)
    same_days = models.IntegerField(_("cùng một việc trong (ngày)"), default=30)
    place = models.IntegerField(default=0, help_text="its order among the others")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_category_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(name="feedback_category_code", fields=["city", "code"]),
            models.CheckConstraint(name="feedback_category_near", condition=Q(same_metres__gte=0, same_days__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryQuestion(models.Model):
    """What is asked about a matter. In Open311: an attribute of the service definition. Vietnamese: câu hỏi thêm."""

    class Kind(models.TextChoices):
        """The datatypes of GeoReport v2, by the standard's names."""

        STRING = "string", _("Một dòng chữ")
        NUMBER = "number", _("Số")
        DATETIME = "datetime", _("Ngày giờ")
        TEXT = "text", _("Nhiều dòng chữ")
        ONE_OF = "singlevaluelist", _("Chọn một")
        SOME_OF = "multivaluelist", _("Chọn nhiều")

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(max_length=40)
    asks = models.CharField(_("câu hỏi"), max_length=200)
    hint = models.CharField(_("gợi ý"), max_length=200, blank=True)
    kind = models.CharField(_("kiểu"), max_length=16, choices=Kind)
    required = models.BooleanField(_("bắt buộc"), default=False)
    answers = models.JSONField(default=list, help_text="of lists: pairs of key and name")
    personal = models.BooleanField(_("không công khai"), default=True, help_text="its answer is shown to handlers only")
    place = models.IntegerField(default=0)
    ended_on = models.DateField(null=True, help_text="from this day it is asked no more")

    class Meta:
        constraints = [models.UniqueConstraint(name="feedback_question_code", fields=["category", "code"])]

    def __str__(self) -> str:
        return self.asks

    @classmethod
    def asked(cls, on: date) -> models.QuerySet[CategoryQuestion]:
        """Those asked on a day, in their order."""
        return cls.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("place", "pk")


class Competence(Dated):
    """Who answers for a category, for a time: the commune of the place, or a unit named. Vietnamese: thẩm quyền.

    place_unit   None: everywhere in the city; else only in that commune, before the general row
    handler      None: the commune in which it is
    """

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="competences")
    place_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("căn cứ"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_competence_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                name="feedback_competence_once", fields=["category", "place_unit", "valid_from"], nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.place_unit_id}: {self.handler_id}"


class AnswerTemplate(models.Model):
    """Words a unit, or the whole city, answers with again and again. Vietnamese: mẫu trả lời."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="the city's are for all")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("tên mẫu"), max_length=120)
    words = models.CharField(_("lời trả lời"), max_length=4000)
    changed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="feedback_template_of", fields=["unit"], condition=Q(dropped_at=None))]

    def __str__(self) -> str:
        return self.title
