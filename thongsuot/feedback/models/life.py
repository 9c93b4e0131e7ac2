"""What happens to a ticket on its way: routings, talk, notes, answers, extensions, rungs of the ladder, ratings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.counters.satisfaction import Level
from thongsuot.feedback.models.limits import TimeLimit
from thongsuot.feedback.models.tickets import FeedbackTicket
from thongsuot.feedback.words import PlaceBy, ReturnReason


class Routing(models.Model):
    """A ticket was sent to a unit, and what the unit said. Vietnamese: lần chuyển.

    because   why this unit: what stands in the reason shown (`rules/routing.py`)
    late_at   since when the unit was late when the ticket went elsewhere; none: it was not
    """

    class Because(models.TextChoices):
        PLACE = "place", _("đơn vị nơi xảy ra")
        COMPETENCE = "competence", _("đơn vị có thẩm quyền về lĩnh vực này")
        DOSSIER = "dossier", _("đơn vị giải quyết hồ sơ được nói đến")
        NAMED = "named", _("đơn vị người gửi nêu")
        OPERATOR = "operator", _("người tiếp nhận quyết định")
        SUCCESSOR = "successor", _("đơn vị kế tục")

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="routings")
    round = models.SmallIntegerField()
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=10, choices=Because)
    place_by = models.CharField(max_length=8, choices=PlaceBy, blank=True)
    basis = models.CharField(max_length=200, blank=True, help_text="of the competence that decided")
    words = models.CharField(max_length=1000, blank=True, help_text="what the operator wrote to the unit")
    routed_at = models.DateTimeField()
    routed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=14, choices=ReturnReason, blank=True)
    return_words = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feedback_routing_returned", condition=Q(returned_at=None, return_reason="") | Q(returned_at__isnull=False)
            )
        ]
        indexes = [
            models.Index(name="feedback_routings", fields=["ticket", "routed_at"]),
            models.Index(name="feedback_routed_to", fields=["unit", "routed_at"]),
            models.Index(name="feedback_left_late", fields=["ticket", "round"], condition=Q(late_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} -> {self.unit_id}"


class Message(models.Model):
    """What the sender and the handlers say to each other; nobody else reads it. Vietnamese: trao đổi với người gửi.

    asks   the ticket waits for what the sender says to it
    """

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="messages")
    by_sender = models.BooleanField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="that writes")
    words = models.CharField(max_length=4000)
    asks = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="feedback_talk", fields=["ticket", "at"])]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.at:%Y-%m-%d %H:%M}"


class InternalNote(models.Model):
    """What handlers write for each other. No citizen ever sees it. Vietnamese: ghi chú nội bộ."""

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="feedback_notes", fields=["ticket", "at"])]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.at:%Y-%m-%d %H:%M}"


class Answer(models.Model):
    """What a unit answers in one round: written, approved, and what of it is published. Vietnamese: trả lời."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Chờ duyệt")
        SENT_BACK = "sent_back", _("Duyệt trả lại")
        APPROVED = "approved", _("Đã duyệt, đã gửi")

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="replies")
    round = models.SmallIntegerField()
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=4000)
    done = models.BooleanField(default=True, help_text="the matter is settled; False: it cannot be, and why is said")
    state = models.CharField(max_length=9, choices=State, default=State.SUBMITTED)
    written_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True, help_text="of who sent it back")
    public_words = models.CharField(max_length=4000, blank=True)
    published_at = models.DateTimeField(
        null=True, help_text="when it was public for the first time; stays when it is taken off"
    )
    corrected_at = models.DateTimeField(null=True, help_text="when it was published again in other words")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feedback_answer_once", fields=["ticket", "round"], condition=Q(state__in=["submitted", "approved"])
            )
        ]
        indexes = [models.Index(name="feedback_answers", fields=["ticket", "written_at"])]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.round}: {self.state}"


class Extension(models.Model):
    """More time was asked for, and what was decided. Vietnamese: gia hạn.

    granted   not, and by nobody: it was decided no more, the ticket went another way
    late      it was granted when the answer was late already: late it stays
    """

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="asked_extensions")
    round = models.SmallIntegerField()
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    late = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="feedback_extension_waits_once", fields=["ticket"], condition=Q(granted=None)),
            models.CheckConstraint(
                name="feedback_extension_decided", condition=Q(granted=None, decided_at=None) | Q(decided_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.new_due_at:%Y-%m-%d %H:%M}"


class Escalation(models.Model):
    """A rung of the ladder was climbed: who was told that time runs out, once. Vietnamese: nấc nhắc việc.

    clock   counts the clocks a ticket had: each routing and each round starts one; those of steps count down from -1
    step    whose time it was (models.TimeLimit.Step); blank: the answer's
    """

    class Rung(models.IntegerChoices):
        HALF = 50, _("Đã qua nửa thời hạn: nhắc người xử lý")
        NEAR = 80, _("Sắp hết hạn: nhắc lãnh đạo đơn vị")
        DUE = 100, _("Quá hạn: báo thành phố")
        AGAIN = 200, _("Quá hạn lần hai: vào danh sách của Chủ tịch")

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="escalations")
    clock = models.SmallIntegerField()
    step = models.CharField(max_length=8, choices=TimeLimit.Step, blank=True, db_default="")
    rung = models.SmallIntegerField(choices=Rung)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="whose time ran")
    due_at = models.DateTimeField()
    climbed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="feedback_rung_once", fields=["ticket", "clock", "rung"])]
        indexes = [models.Index(name="feedback_climbed", fields=["rung", "-climbed_at"])]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.rung} %"


class Rating(models.Model):
    """How satisfied the sender was with one round. Vietnamese: đánh giá."""

    ticket = models.ForeignKey(FeedbackTicket, on_delete=models.PROTECT, related_name="ratings")
    round = models.SmallIntegerField()
    level = models.SmallIntegerField(choices=Level)
    words = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="feedback_rated_once", fields=["ticket", "round"])]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.level}"
