"""Calls, who rang (apart), what the exchange told, where they went on, who has to be called back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.hotline.models.desk import HotlineLine


class Call(models.Model):
    """A call to the hotline; it names nobody: the number stands in `CallerNumber`. Vietnamese: cuộc gọi.

    exchange_id    what the exchange calls it
    told_at        of the latest word of the exchange that moved its state: what is older moves nothing
    operator       who took it; none: nobody, or nobody we know of
    category       the operator's guess, or what was decided
    classify_by    until when it was to be classified; classified_at: when it was
    ticket         the first that was made of it; any other is a `CallTicket`
    recording      where the exchange keeps it: nothing of it lies here; of further legs a `CallRecording` each. Empty, and
                   recording_deleted_at: it was deleted there, with those of all legs
    deletion_...   since when it is being deleted: nobody holds it from then on; when that was last asked for in vain, and why
    answer_version the version of the answer of `knowledge` that was told
    """

    class State(models.TextChoices):
        RINGING = "ringing", _("Đang đổ chuông")
        TALKING = "talking", _("Đang nói chuyện")
        HELD = "held", _("Đang giữ máy")
        AFTER = "after", _("Chờ ghi kết quả")
        DONE = "done", _("Đã xong")

    class Outcome(models.TextChoices):
        TICKET = "ticket", _("Lập phiếu phản ánh")
        ANSWERED = "answered", _("Trả lời ngay")
        TRANSFERRED = "transferred", _("Chuyển máy")
        ABANDONED = "abandoned", _("Gác máy trước khi có người nghe")
        NO_WORDS = "no_words", _("Không có lời")
        NUISANCE = "nuisance", _("Quấy rối")

    class DeletionTrouble(models.TextChoices):
        SILENT = "silent", _("Tổng đài không trả lời")
        REFUSED = "refused", _("Tổng đài không cho xóa")
        STAYED = "stayed", _("Tổng đài báo đã xóa nhưng bản ghi vẫn còn")
        ELSEWHERE = "elsewhere", _("Nằm ở tổng đài không còn nối")

    LIVE: ClassVar = (State.RINGING, State.TALKING, State.HELD)
    IN_HAND: ClassVar = (State.TALKING, State.HELD, State.AFTER)

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(HotlineLine, on_delete=models.PROTECT, related_name="calls", db_index=False)
    exchange = models.SlugField(max_length=20, db_index=False)
    exchange_id = models.CharField(max_length=64)
    withheld = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.RINGING)
    told_at = models.DateTimeField()
    came_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_seconds = models.IntegerField(null=True, help_text="how long it lasted, by the exchange")
    operator = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    operator_name = models.CharField(max_length=200, blank=True)
    picked_at = models.DateTimeField(null=True)
    category = models.ForeignKey("feedback.Category", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    urgent = models.BooleanField(default=False)
    classify_by = models.DateTimeField(null=True)
    classified_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=11, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True)
    ticket = models.ForeignKey("feedback.FeedbackTicket", null=True, on_delete=models.PROTECT, related_name="+")
    answer_version = models.BigIntegerField(null=True)
    recording = models.CharField(max_length=300, blank=True)
    recording_type = models.CharField(max_length=40, blank=True)
    recording_deleted_at = models.DateTimeField(null=True)
    deletion_begun_at = models.DateTimeField(null=True)
    deletion_tried_at = models.DateTimeField(null=True)
    deletion_trouble = models.CharField(max_length=10, choices=DeletionTrouble, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="call_once", fields=["exchange", "exchange_id"]),
            models.CheckConstraint(
                name="call_in_hand_was_answered",
                condition=~Q(state__in=["talking", "held", "after"]) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="call_done_has_an_outcome", condition=~Q(state="done") | ~Q(outcome="") & Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(
                name="call_ticket_is_its_outcome",
                condition=Q(ticket=None) & ~Q(outcome="ticket") | Q(ticket__isnull=False, outcome="ticket"),
            ),
        ]
        indexes = [
            models.Index(name="call_of_city", fields=["city", "came_at"]),
            models.Index(name="call_of_operator", fields=["operator", "came_at"]),
            models.Index(name="call_open", fields=["line", "came_at"], condition=~Q(state="done")),
            models.Index(name="call_recorded", fields=["city", "ended_at"], condition=~Q(recording="")),
        ]

    def __str__(self) -> str:
        return f"{self.exchange} {self.exchange_id}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_connecting(self) -> bool:
        """An operator has taken it, and their telephone has not been lifted yet."""
        return self.state == self.State.RINGING and self.operator_id is not None

    @property
    def waited(self) -> timedelta:
        """From the first ring until somebody answered, or it was over."""
        return (self.answered_at or self.ended_at or self.came_at) - self.came_at

    def is_late(self, now: datetime) -> bool:
        """Not classified in the time that was set."""
        return self.classify_by is not None and (self.classified_at or now) > self.classify_by


class CallerNumber(models.Model):
    """The number a call came from, as long as it is kept; of a withheld one there is none. Vietnamese: số người gọi."""

    call = models.OneToOneField(Call, primary_key=True, on_delete=models.CASCADE, related_name="caller")
    number = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(name="caller_number", fields=["number"])]

    def __str__(self) -> str:
        return f"{self.call_id}"


class CallNotice(models.Model):
    """What the exchange told about a call, each once: by it a notice sent twice is known. Vietnamese: tin báo của tổng đài."""

    exchange = models.SlugField(max_length=20, db_index=False)
    nonce = models.CharField(max_length=64)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=11)
    said_at = models.DateTimeField()
    came_at = models.DateTimeField()
    changed = models.BooleanField(help_text="False: it was known already, or too old to move anything")

    class Meta:
        constraints = [models.UniqueConstraint(name="call_notice_once", fields=["exchange", "nonce"])]

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind}"


class CallRecording(models.Model):
    """A further recording of a call that has one: of another leg. It goes when the exchange does not have it any more.
    Vietnamese: bản ghi âm của chặng sau.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="further_recordings", db_index=False)
    reference = models.CharField(max_length=300)
    kind = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="call_recording_once", fields=["call", "reference"])]

    def __str__(self) -> str:
        return f"{self.call_id} {self.pk}"


class CallTransfer(models.Model):
    """A call handed on: asked of the exchange, then done or refused; or nobody was there. Vietnamese: chuyển máy.

    by   whose the call was, and is again when nobody takes it
    """

    class To(models.TextChoices):
        OPERATOR = "operator", _("Tổng đài viên khác")
        UNIT = "unit", _("Xã, phường")
        EMERGENCY = "emergency", _("Số khẩn cấp")

    class State(models.TextChoices):
        ASKED = "asked", _("Tổng đài chưa xác nhận")
        DONE = "done", _("Đã chuyển")
        REFUSED = "refused", _("Tổng đài không chuyển được")
        MISSED = "missed", _("Không ai nhấc máy")

    OPEN: ClassVar = (State.ASKED, State.DONE)  # nobody may have been there all the same

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="transfers")
    to = models.CharField(max_length=9, choices=To)
    number = models.CharField(max_length=20, help_text="of an agency, or an extension: never a citizen's")
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_name = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="call_transfer_one_asked", fields=["call"], condition=Q(state="asked")),
            models.CheckConstraint(
                name="call_transfer_goes_somewhere",
                condition=Q(to="operator", person__isnull=False) | Q(to="unit", unit__isnull=False) | Q(to="emergency"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} to {self.number}"


class CallBack(models.Model):
    """Somebody has to be called back, until an instant. Vietnamese: gọi lại.

    tried_at      the first try: by it, and by due_at, it was in time or not
    next_try_at   when to try again after one in vain
    note          what whoever called says of it, forgotten with the number
    """

    class Reason(models.TextChoices):
        DROPPED = "dropped", _("Gác máy trước khi có người nghe")
        ASKED = "asked", _("Người gọi nhờ gọi lại")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gọi")
        TAKEN = "taken", _("Đang gọi")
        REACHED = "reached", _("Đã gặp")
        RANG_AGAIN = "rang_again", _("Người gọi đã tự gọi lại")
        GIVEN_UP = "given_up", _("Không liên lạc được")

    OPEN: ClassVar = (State.WAITING, State.TAKEN)

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="call_back")
    reason = models.CharField(max_length=7, choices=Reason)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    taken_by_name = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True, db_default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="call_back_ends",
                condition=Q(state__in=["waiting", "taken"], ended_at__isnull=True)
                | Q(state__in=["reached", "rang_again", "given_up"], ended_at__isnull=False),
            ),
            models.CheckConstraint(name="call_back_taken", condition=~Q(state="taken") | Q(taken_by__isnull=False)),
        ]
        indexes = [models.Index(name="call_back_open", fields=["due_at"], condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.call_id} {self.state}"

    @property
    def wanted_at(self) -> datetime:
        """When somebody should call: by the promise, later after a call in vain."""
        return max(self.due_at, self.next_try_at) if self.next_try_at else self.due_at


class CallTicket(models.Model):
    """A further ticket made of a call that has one. Vietnamese: phiếu lập thêm từ cuộc gọi."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="further_tickets")
    ticket = models.OneToOneField("feedback.FeedbackTicket", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.call_id} {self.ticket_id}"


class CallChange(models.Model):
    """What somebody changed of a call, or of who is called back, and why. Vietnamese: lần sửa, giao lại cuộc gọi."""

    class Kind(models.TextChoices):
        CORRECTED = "corrected", _("Sửa kết quả")
        REASSIGNED = "reassigned", _("Giao lại")
        DELETED = "deleted", _("Đã xóa bản ghi âm ở nơi lưu")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    before = models.CharField(max_length=200, help_text="the outcome, or whose it was")
    after = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind}"


class RecordingHold(models.Model):
    """A recording that is kept beyond its time, with the number, because somebody may demand it. Vietnamese: giữ bản ghi âm."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)
    held_at = models.DateTimeField()
    released_by_name = models.CharField(max_length=200, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="recording_hold_one", fields=["call"], condition=Q(released_at=None))]

    def __str__(self) -> str:
        return f"{self.call_id} {self.held_at}"
