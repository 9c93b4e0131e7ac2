"""What is listed, packed and carried: archives, assets, seals, projects of an ended unit, on their way to a successor."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.handover.models.receipts import Receipt
from thongsuot.units.heirs import Rule


class Representative(models.Model):
    """Who hands over for a unit that ended: its duties are gone with it, this one task stays until the minutes are closed.

    heads   signs the minutes for the unit
    """

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="representatives")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("chức vụ khi bàn giao"), max_length=200)
    heads = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="representative_once", fields=["changeover", "unit", "person"], condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="representative_one_head",
                fields=["changeover", "unit"],
                condition=Q(heads=True, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.unit_id}"


class Sheet(models.Model):
    """The list of one class of one ended unit. Vietnamese: bảng kê.

    The unit declares it complete, an empty one too: what it does not have is said, never left open.

    last_number   of its items; never given twice
    taken_files   sha256 of the spreadsheets that were taken in, so that none is taken in twice
    """

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="sheets", db_index=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    klass = models.CharField(max_length=20, help_text="a key of rules.classes.classes()")
    last_number = models.IntegerField(default=0)
    taken_files = ArrayField(models.CharField(max_length=64), default=list)
    declared_at = models.DateTimeField(null=True)
    declared_by_name = models.CharField(max_length=200, blank=True)
    reopened_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="sheet_once", fields=["changeover", "unit", "klass"])]

    def __str__(self) -> str:
        return f"{self.klass} of {self.unit_id}"


class Box(models.Model):
    """A box, cabinet or cart with its seal. Vietnamese: hộp, kiện. The hands it went through are its events.

    seal_whole   as it was found on arrival; null until then
    """

    class State(models.TextChoices):
        OPEN = "open", _("Đang xếp")
        SEALED = "sealed", _("Đã niêm phong")
        CARRIED = "carried", _("Đang vận chuyển")
        ARRIVED = "arrived", _("Đã đến")
        OPENED = "opened", _("Đã mở niêm phong")
        SHELVED = "shelved", _("Đã xếp giá")

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="boxes", db_index=False)
    code = models.CharField(max_length=30, help_text="on its label: what a scanner reads")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", help_text="that packed it")
    to_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    content = models.CharField(max_length=200, blank=True)
    seal_number = models.CharField(max_length=40, blank=True)
    carrier = models.CharField(max_length=200, blank=True)
    seal_whole = models.BooleanField(null=True)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="box_code_once", fields=["changeover", "code"]),
            models.CheckConstraint(name="box_sealed_has_seal", condition=Q(state="open") | ~Q(seal_number="")),
        ]

    def __str__(self) -> str:
        return self.code


class Item(Receipt):
    """One line of a sheet, as it is, faults included. Vietnamese: mục bàn giao.

    quantity        in the class's unit of count: shelf metres, pieces
    amount_dong     what the class counts in money: cost, capital, balance; `remaining_dong` what is left of it
    details         the other fields of its class (rules.classes)
    state_text      the state in which it goes over, in words: "nguyên trạng"
    divided_from    the thing it is a part of; joined again, the part is struck and never comes back
    divided_at      it went to several: its `parts` are counted, it is not
    struck_at       taken off the list before the list was declared
    """

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="items", db_index=False)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="items")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    klass = models.CharField(max_length=20)
    code = models.CharField(max_length=30, help_text="on its label: what a scanner reads")
    name = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    amount_dong = models.BigIntegerField(null=True)
    remaining_dong = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    state_text = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey(Box, null=True, on_delete=models.PROTECT, related_name="items")
    to_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=10, choices=[(rule.value, rule.value) for rule in Rule])
    candidates = ArrayField(models.BigIntegerField(), default=list)
    chosen_by_name = models.CharField(max_length=200, blank=True)
    chosen_why = models.CharField(max_length=300, blank=True)
    listed_at = models.DateTimeField()
    listed_by_name = models.CharField(max_length=200)
    divided_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    divided_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="item_code_once", fields=["changeover", "code"]),
            models.CheckConstraint(name="item_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="item_remaining_of_amount",
                condition=Q(remaining_dong=None) | Q(amount_dong__isnull=False, remaining_dong__lte=F("amount_dong")),
            ),
            models.CheckConstraint(name="item_received_somewhere", condition=Q(received_at=None) | Q(to_unit__isnull=False)),
            *Receipt.rules("item"),
        ]
        indexes = [
            models.Index(name="item_of_pair", fields=["changeover", "unit", "to_unit", "klass"]),
            models.Index(name="item_coming", fields=["changeover", "to_unit", "klass"]),
        ]

    def __str__(self) -> str:
        return self.code


class HeadCount(models.Model):
    """How many people went, and how many personal computers with them, as the head of one side says it."""

    class Side(models.TextChoices):
        HANDING = "handing", _("Bên giao")
        RECEIVING = "receiving", _("Bên nhận")

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="head_counts", db_index=False)
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=9, choices=Side)
    people = models.PositiveIntegerField()
    computers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="head_count_once", fields=["changeover", "from_unit", "to_unit", "side"])]

    def __str__(self) -> str:
        return f"{self.people}, {self.computers}"


class SurplusPremises(models.Model):
    """What becomes of premises nobody needs: the six that must be clear, and the year. Vietnamese: cơ sở dôi dư, "6 rõ".

    person, work, by_day, answers_for, product, authority   who, what, until when, who answers for it, what comes of it, in
                                                            what right
    """

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="surplus")
    person = models.CharField(_("Rõ người"), max_length=200)
    work = models.CharField(_("Rõ việc"), max_length=500)
    by_day = models.DateField(_("Rõ thời gian"))
    answers_for = models.CharField(_("Rõ trách nhiệm"), max_length=500)
    product = models.CharField(_("Rõ sản phẩm"), max_length=500)
    authority = models.CharField(_("Rõ thẩm quyền"), max_length=500)
    done_at = models.DateTimeField(null=True)
    done_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="surplus_six_are_clear",
                condition=~Q(person="") & ~Q(work="") & ~Q(answers_for="") & ~Q(product="") & ~Q(authority=""),
            ),
        ]

    def __str__(self) -> str:
        return f"surplus {self.item_id}"


class NewSeal(models.Model):
    """The seal a new unit received in place of the old ones, which went back to the police. Vietnamese: con dấu mới."""

    changeover = models.ForeignKey("handover.Changeover", on_delete=models.PROTECT, related_name="new_seals", db_index=False)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    registration = models.CharField(max_length=60)
    received_on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="new_seal_once", fields=["changeover", "unit", "kind", "registration"])]

    def __str__(self) -> str:
        return self.registration
