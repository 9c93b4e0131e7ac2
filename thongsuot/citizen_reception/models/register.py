"""The register: who came, with what, and what was done about it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.text import search_key


class CameAs(models.TextChoices):
    """How a matter came to be heard: at a reception, or by a channel of feedback from which it was handed over."""

    IN_PERSON = "in_person", _("Đến trực tiếp")
    SESSION = "session", _("Tiếp trực tuyến")
    APP = "app", _("Trang người dân")
    HOTLINE = "hotline", _("Tổng đài")
    EMAIL = "email", _("Thư điện tử")
    ZALO = "zalo", _("Zalo")
    COUNTER = "counter", _("Quầy phục vụ")
    RECEPTION = "reception", _("Nơi tiếp công dân")
    PAPER = "paper", _("Văn bản giấy")
    OPEN311 = "open311", _("Ứng dụng khác")


class ReceptionEntry(models.Model):
    """One matter brought to a reception. Vietnamese: lượt tiếp công dân, một dòng của sổ tiếp công dân.

    book_unit, year, number   the line of the register; the book stays with its unit for ever
    unit                      who handles it: a successor, once the unit has ended
    kind                      empty until it is classified
    due_at                    when the step that runs is due: its slip, then its result; of a closed one when it was
    late_since                the first `due_at` that had passed when its step was done; an earlier step's is seen nowhere else
    refusal_due_at            when the written notice of a refusal is due, once grounds exist (`grounds_at`)
    ended_because             it ended without a slip or without a result; `result` says more
    place, latitude, longitude  where it happened, as far as whoever handed it over knew
    about_*                   what it was found in, when another capability handed it over
    """

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Khiếu nại")
        DENUNCIATION = "denunciation", _("Tố cáo")
        PROPOSAL = "proposal", _("Kiến nghị")
        FEEDBACK = "feedback", _("Phản ánh")

    class Competence(models.TextChoices):
        OURS = "ours", _("Thuộc thẩm quyền của đơn vị")
        OTHERS = "others", _("Thuộc thẩm quyền của cơ quan khác")
        UNCLEAR = "unclear", _("Chưa rõ thẩm quyền")

    class State(models.TextChoices):
        RECEIVED = "received", _("Đã tiếp, chờ xử lý")
        ACCEPTED = "accepted", _("Đang giải quyết")
        CLOSED = "closed", _("Đã xong")

    class Way(models.TextChoices):
        ACCEPTED = "accepted", _("Tiếp nhận để giải quyết")
        GUIDED = "guided", _("Hướng dẫn đến cơ quan có thẩm quyền")
        TRANSFERRED = "transferred", _("Chuyển đến cơ quan có thẩm quyền")
        REFUSED = "refused", _("Từ chối tiếp")

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Người đến rút")
        DUPLICATE = "duplicate", _("Trùng với lượt tiếp khác")
        MISTAKEN = "mistaken", _("Ghi nhầm vào sổ")
        RETURNED = "returned", _("Không phải khiếu nại, tố cáo: trả về nơi đã chuyển")

    book_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    came_as = models.CharField(max_length=9, choices=CameAs)
    matter = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    competence = models.CharField(max_length=7, choices=Competence, blank=True)
    competent_body = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    received_by_name = models.CharField(max_length=200)
    heard_by = models.CharField(max_length=200, blank=True, help_text="the post of who heard, when another than who wrote")
    way = models.CharField(max_length=11, choices=Way, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_words = models.TextField(blank=True)
    grounds_at = models.DateTimeField(null=True)
    grounds = models.CharField(max_length=1000, blank=True)
    refusal_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    extensions = models.SmallIntegerField(default=0, db_default=0)
    extended_because = models.CharField(max_length=300, blank=True, default="", db_default="", help_text="the latest time")
    ended_because = models.CharField(max_length=9, choices=Ended, blank=True, default="", db_default="")
    place = models.CharField(max_length=300, blank=True, default="", db_default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    result = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    about_subject = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    about_code = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reception_number_once", fields=["book_unit", "year", "number"]),
            models.CheckConstraint(
                name="reception_handled", condition=Q(way="", handled_at=None) | (~Q(way="") & Q(handled_at__isnull=False))
            ),
            models.CheckConstraint(
                name="reception_refusal_due",
                condition=Q(grounds_at=None, refusal_due_at=None) | Q(grounds_at__isnull=False, refusal_due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reception_closed", condition=Q(state="closed", closed_at__isnull=False) | Q(closed_at=None)
            ),
            # What was found in one thing is handed over once, however often it is asked.
            models.UniqueConstraint(
                name="reception_taken_over_once",
                fields=["about_subject", "about_id"],
                condition=Q(about_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="reception_of_unit", fields=["unit", "-received_at"]),
            models.Index(name="reception_open", fields=["unit"], condition=~Q(state="closed")),
            models.Index(name="reception_refusals", fields=["refusal_due_at"], condition=Q(grounds_at__isnull=False, way="")),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def is_kept_close(self) -> bool:
        """Who denounces is protected: the name is for who received and who leads."""
        return self.kind == self.Kind.DENUNCIATION


class Visitor(models.Model):
    """Who came: the only table that says it; forgotten some time after the end (`actions.forgetting`).

    people   how many they speak for, themselves among them
    """

    entry = models.OneToOneField(ReceptionEntry, on_delete=models.PROTECT, related_name="visitor")
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False)
    address = models.CharField(max_length=300, blank=True)
    id_number = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    people = models.IntegerField(default=1)
    representatives = models.CharField(max_length=1000, blank=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="visitor_people", condition=Q(people__range=(1, 9999)))]

    def __str__(self) -> str:
        return str(self.entry_id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = search_key(self.name)[:200]
        super().save(*args, **kwargs)


class HandedPaper(models.Model):
    """A paper that was handed in at a reception, with its scan where there is one."""

    entry = models.ForeignKey(ReceptionEntry, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class ReceptionSlip(models.Model):
    """A printed paper of an entry: what was handed in (giấy biên nhận), or how it is handled (phiếu xử lý)."""

    class Form(models.TextChoices):
        RECEIPT = "receipt", _("Giấy biên nhận giấy tờ")
        HANDLING = "handling", _("Phiếu xử lý")

    entry = models.ForeignKey(ReceptionEntry, on_delete=models.PROTECT, related_name="slips")
    form = models.CharField(max_length=8, choices=Form)
    series_unit = models.BigIntegerField(help_text="whose series numbered it")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    file = models.ForeignKey(
        "files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", help_text="none once who came is forgotten"
    )
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="reception_slip_once", fields=["series_unit", "form", "year", "number"])]

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


class ReceptionTransfer(models.Model):
    """An open entry went to another unit of the city, which handles it from then on. Vietnamese: chuyển đơn, chuyển lượt tiếp.

    Both read it: the unit that gave it away keeps its number and its slip, and sees what becomes of it.

    due_at, refusal_due_at   what was due in the unit that gave it away; its days begin anew in the other one
    """

    entry = models.ForeignKey(ReceptionEntry, on_delete=models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    slip = models.ForeignKey(ReceptionSlip, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    due_at = models.DateTimeField(null=True)
    refusal_due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.from_unit_id} > {self.to_unit_id}"
