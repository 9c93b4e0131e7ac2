"""Questions that come again, what is answered to them from which day on, and how often it was."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated
from thongsuot.people.drafted import Drafted


class Article(models.Model):
    """A question people ask, of the city or of one unit; its scope never changes. Vietnamese: câu hỏi trong kho."""

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(
        "units.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="whom alone it is about; null: all"
    )
    question = models.CharField(_("câu hỏi"), max_length=300, help_text="of the version approved last, or of the first draft")
    question_key = models.CharField(max_length=300)
    topics = ArrayField(models.CharField(max_length=60), default=list)
    other_ways = ArrayField(models.CharField(max_length=200), default=list, help_text="how else people ask it")
    procedure_codes = ArrayField(models.CharField(max_length=20), default=list)
    look_again_on = models.DateField(_("xem lại vào ngày"), null=True)
    told_at = models.DateTimeField(null=True, help_text="when its keepers were told that it must be looked at again")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="article_question_once", fields=["city", "unit", "question_key"], nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.question


class ArticleVersion(Drafted, Dated):  # type: ignore[misc]  # a draft has no first day yet
    """An answer as it is given from a day on. Vietnamese: bản trả lời.

    Its end is the beginning of the next one, or the day it was withdrawn, with the reason.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions", db_index=False)
    question = models.CharField(_("câu hỏi"), max_length=300)
    answer = models.TextField(_("trả lời"), help_text="in the markup of rules.blocks")
    spoken = models.CharField(_("câu nói qua điện thoại"), max_length=600)
    basis = models.CharField(_("căn cứ"), max_length=500)
    withdrawn_because = models.CharField(_("lý do thu hồi"), max_length=300, blank=True)
    question_key = models.CharField(max_length=300)
    other_key = models.TextField(blank=True, help_text="other ways of asking and topics of the article")
    answer_key = models.TextField()
    # Two, because the short one lies in the row itself: to rank thousands by it costs little.
    search = models.GeneratedField(
        expression=SearchVector(F("question_key"), weight="A", config="simple")
        + SearchVector(F("other_key"), weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_answer = models.GeneratedField(
        expression=SearchVector(F("question_key"), weight="A", config="simple")
        + SearchVector(F("other_key"), weight="B", config="simple")
        + SearchVector(F("answer_key"), weight="D", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            *Drafted.rules("article_version", of=["article"]),
            models.CheckConstraint(
                name="article_version_period", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="article_version_withdrawn_ends", condition=Q(withdrawn_because="") | Q(valid_to__isnull=False)
            ),
            # One answer a day. Looked at when the command ends: a new version holds before the one of before is ended.
            ExclusionConstraint(
                name="article_version_one_at_a_time",
                expressions=[
                    (Func(F("article_id"), F("article_id"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("valid_from"), F("valid_to"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [
            GinIndex(name="article_version_search", fields=["search"]),
            GinIndex(name="article_version_answer", fields=["search_answer"]),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.number}"

    @property
    def facts(self) -> dict[str, int]:
        return {"article": self.article_id}


class AnswerUse(models.Model):
    """How often a version was told, or judged by readers, on a day. Nobody is named. Vietnamese: lượt dùng câu trả lời."""

    class Kind(models.TextChoices):
        HOTLINE = "hotline", _("Tổng đài")
        COUNTER = "counter", _("Tại quầy")
        RECEPTION = "reception", _("Tiếp công dân")
        FEEDBACK = "feedback", _("Trả lời phản ánh")
        USEFUL = "useful", _("Có ích")
        USELESS = "useless", _("Chưa có ích")

    TOLD = (Kind.HOTLINE, Kind.COUNTER, Kind.RECEPTION, Kind.FEEDBACK)

    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="uses", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind)
    day = models.DateField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="answer_use_once", fields=["version", "kind", "day"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind} {self.day}"
