"""The changeover: what lives on goes to successors by rule, in an order that can be stopped, gone on with and undone."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.handover.models.receipts import Receipt
from thongsuot.units.heirs import Rule


class Changeover(models.Model):
    """All that the units ended by one decision hold goes to their successors. Vietnamese: đợt chuyển giao.

    due_days   working days by which what was promised for pending dossiers is kept later, by the decision (`due_basis`); else
               every due date stays
    """

    class State(models.TextChoices):
        OPEN = "open", _("Đang chuẩn bị")
        RUNNING = "running", _("Đang chuyển")
        UNDOING = "undoing", _("Đang chuyển trở lại")
        CLOSED = "closed", _("Đã khép")

    class Asked(models.TextChoices):
        PLAN = "plan", _("Xem trước")
        RUN = "run", _("Chuyển")
        UNDO = "undo", _("Chuyển trở lại")

    decision = models.OneToOneField("units.Decision", on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    plan_hash = models.CharField(max_length=64, blank=True, help_text="of the last preview: sha256 over what is still to move")
    planned_at = models.DateTimeField(null=True)
    run_hash = models.CharField(max_length=64, blank=True, help_text="of the preview that is being carried out")
    run_began_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True, help_text="whoever moves things stops before the next batch")
    asked = models.CharField(
        max_length=4, choices=Asked, blank=True, help_text="what a page asked of the worker, until it is done"
    )
    asked_at = models.DateTimeField(null=True)
    asked_by_name = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="why what was asked last was not done")
    due_days = models.PositiveSmallIntegerField(default=0)
    due_basis = models.CharField(max_length=300, blank=True)
    go_at = models.DateTimeField(null=True, help_text="when whoever steers let it begin; nothing moves before")
    go_by_name = models.CharField(max_length=200, blank=True)
    go_basis = models.CharField(max_length=300, blank=True, help_text="the document that says so")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="changeover_due_by_a_basis", condition=Q(due_days=0) | ~Q(due_basis="") & Q(due_days__lte=60)
            ),
            models.CheckConstraint(
                name="changeover_go_by_a_document", condition=Q(go_at=None) | ~Q(go_basis="") & ~Q(go_by_name="")
            ),
            models.CheckConstraint(name="changeover_runs_by_a_preview", condition=~Q(state="running") | ~Q(run_hash="")),
            models.CheckConstraint(
                name="changeover_closed_has_instant",
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"changeover of {self.effective_on}"


class Transfer(Receipt):
    """One living thing on its way from an ended unit to a successor.

    kind, subject_id  which thing: a key of `units.moves.HOLDINGS` and an id there
    to_unit           none: no rule decides, a person must
    was               what it takes to put it back; null until it moved
    gone_at           it ended while it still belonged to the ended unit: nothing is left to move
    """

    changeover = models.ForeignKey(Changeover, on_delete=models.PROTECT, related_name="transfers", db_index=False)
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=40, blank=True)
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=10, choices=[(rule.value, rule.value) for rule in Rule])
    candidates = ArrayField(models.BigIntegerField(), default=list)
    chosen_by_name = models.CharField(max_length=200, blank=True)
    chosen_why = models.CharField(max_length=300, blank=True)
    moved_at = models.DateTimeField(null=True)
    was = models.JSONField(null=True)
    gone_at = models.DateTimeField(null=True)
    stays_at = models.DateTimeField(null=True, help_text="an undo left it: it ended at its successor, or went on elsewhere")
    told_at = models.DateTimeField(null=True, help_text="when its owner was told, once")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="transfer_once", fields=["changeover", "kind", "subject_id"]),
            models.CheckConstraint(name="transfer_moved_somewhere", condition=Q(moved_at=None) | Q(to_unit__isnull=False)),
            models.CheckConstraint(
                name="transfer_moved_can_go_back",
                condition=Q(moved_at=None, was=None) | Q(moved_at__isnull=False, was__isnull=False),
            ),
            models.CheckConstraint(name="transfer_moved_or_gone", condition=Q(moved_at=None) | Q(gone_at=None)),
            *Receipt.rules("transfer"),
        ]
        indexes = [
            models.Index(
                name="transfer_to_move",
                fields=["changeover", "kind", "id"],
                condition=Q(moved_at=None, gone_at=None, to_unit__isnull=False),
            ),
            models.Index(
                name="transfer_undecided",
                fields=["changeover", "from_unit", "id"],
                condition=Q(moved_at=None, gone_at=None, to_unit=None),
            ),
            models.Index(name="transfer_moved", fields=["changeover", "kind", "id"], condition=Q(moved_at__isnull=False)),
            models.Index(
                name="transfer_to_tell", fields=["changeover", "id"], condition=Q(moved_at__isnull=False, told_at=None)
            ),
            models.Index(name="transfer_subject", fields=["kind", "subject_id"]),
            models.Index(name="transfer_of_pair", fields=["changeover", "from_unit", "to_unit", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class TransferCount(models.Model):
    """How many things of a kind an ended unit held when a preview was carried out: what all later counts must add up to."""

    changeover = models.ForeignKey(Changeover, on_delete=models.PROTECT, related_name="counts", db_index=False)
    kind = models.CharField(max_length=40)
    from_unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    held = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="transfer_count_once", fields=["changeover", "kind", "from_unit"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.from_unit_id}: {self.held}"
