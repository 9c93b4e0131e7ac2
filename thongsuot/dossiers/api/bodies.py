"""What programs send and get, as msgspec structs: they read the bodies and make the published schemas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from thongsuot.dossiers import actions
from thongsuot.units import queries as units

# Of agencies and branches too: 01D07.
UnitCode = Annotated[str, msgspec.Meta(pattern=r"^\d{2}[0-9A-Z]{3}$")]


class PaperBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`stored`: code of a paper in the owner's store that is used again; then `how` is "reused".

    `pages`: sides of a scanned paper, as counted at the desk; left out, a second person looks the scan over.
    """

    code: Annotated[str, msgspec.Meta(max_length=40)]
    how: Annotated[str, msgspec.Meta(max_length=10)] = "scanned"
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""
    file_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None
    pages: Annotated[int, msgspec.Meta(ge=1, le=2000)] | None = None
    stored: Annotated[str, msgspec.Meta(max_length=20)] = ""
    originals: Annotated[int, msgspec.Meta(ge=0, le=999)] = 1
    copies: Annotated[int, msgspec.Meta(ge=0, le=999)] = 0


class DossierBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One reception. Units by their code; `resolving_unit` is left out when the receiving unit resolves.

    `consent`: how the owner agreed to the use of papers of their store: "spoken", "written" or "authorised".
    """

    procedure: Annotated[str, msgspec.Meta(max_length=20, examples=["2.000815"])]
    receiving_unit: UnitCode
    owner: actions.Owner
    resolving_unit: UnitCode | None = None
    channel: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    filer: actions.Filer | None = None
    papers: Annotated[list[PaperBody], msgspec.Meta(max_length=100)] = []
    form: dict[str, Any] = {}
    quantities: dict[str, Annotated[int, msgspec.Meta(ge=0, le=100_000)]] = {}
    exemptions: Annotated[list[str], msgspec.Meta(max_length=10)] = []
    return_by: Annotated[str, msgspec.Meta(max_length=10)] = "counter"
    assisted_by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    consent: Annotated[str, msgspec.Meta(max_length=10)] = ""
    consent_note: Annotated[str, msgspec.Meta(max_length=300)] = ""

    def intake(self, day: date) -> actions.Intake:
        receiving = units.unit_by_code(self.receiving_unit, as_of=day).id
        resolving = units.unit_by_code(self.resolving_unit, as_of=day).id if self.resolving_unit else receiving
        return actions.Intake(
            procedure=self.procedure,
            receiving_unit_id=receiving,
            resolving_unit_id=resolving,
            owner=self.owner,
            channel=self.channel,
            filer=self.filer,
            form=self.form,
            quantities=self.quantities,
            exemptions=tuple(self.exemptions),
            return_by=self.return_by,
            assisted_by=self.assisted_by,
            consent=self.consent,
            consent_note=self.consent_note,
            papers=tuple(actions.PaperIn(**msgspec.structs.asdict(paper)) for paper in self.papers),
        )


class BatchBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Up to 100 receptions; each is received or refused on its own. An element that cannot be read is refused alone."""

    items: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=actions.BATCH_LIMIT)]


class FeeLine(msgspec.Struct, kw_only=True):
    code: str
    name: str
    amount_dong: int


class ReceivedAnswer(msgspec.Struct, kw_only=True):
    id: int
    code: str
    received_at: datetime
    due_at: datetime
    status: int
    fees: list[FeeLine]


class TrackAnswer(msgspec.Struct, kw_only=True):
    """What anyone with the code may see: nothing of the person."""

    code: str
    procedure_code: str
    procedure: str
    status: int
    status_name: str
    resolving_unit: str
    responsible_unit: str
    receiving_unit: str
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    resolved_at: datetime | None
    ended_at: datetime | None
    pace: str | None


class ForwardBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`step` is the step the caller saw: if another is open by now, nothing happens.

    pin           of the certificate, where the step ends with a signature; kept nowhere
    paper_reason  signed by hand on paper instead, for this reason
    """

    step: str
    pin: Annotated[str, msgspec.Meta(max_length=64)] = ""
    paper_reason: Annotated[str, msgspec.Meta(max_length=300)] = ""
    to_person: int | None = None
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    without_opinions: bool = False


class ReturnStepBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    step: str
    to_step: str
    reason: Annotated[str, msgspec.Meta(max_length=1000)]


class ReassignBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`step`: the one that was looked at; left out: whichever is open."""

    to_person: int
    step: Annotated[str, msgspec.Meta(max_length=40)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class ReasonBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class PaymentRequestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    amount_dong: Annotated[int, msgspec.Meta(ge=0, le=10**12)] = 0


class ReasonsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    reasons: Annotated[list[str], msgspec.Meta(min_length=1, max_length=50)]


class SupplementRequestBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    items: Annotated[list[str], msgspec.Meta(min_length=1, max_length=50)]
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class SupplementBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`consent`: how the owner agreed to the use of papers of their store, as at reception."""

    papers: Annotated[list[PaperBody], msgspec.Meta(max_length=100)] = []
    answer: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    consent: Annotated[str, msgspec.Meta(max_length=10)] = ""
    consent_note: Annotated[str, msgspec.Meta(max_length=300)] = ""


class ReappointBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    new_at: Annotated[datetime, msgspec.Meta(tz=True)]
    reason: Annotated[str, msgspec.Meta(max_length=1000)]


class ExtendBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`agreement`: the paper in which the filer agreed to more working days than the procedure gives."""

    days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    reason: Annotated[str, msgspec.Meta(max_length=1000)]
    agreement: Annotated[str, msgspec.Meta(max_length=300)] = ""


class ResultBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, msgspec.Meta(max_length=300)]
    file_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class HandBackBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    handed_to: Annotated[str, msgspec.Meta(max_length=200)]


class FeeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    code: Annotated[str, msgspec.Meta(max_length=40)]


class NothingBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    pass


class DossierAnswer(msgspec.Struct, kw_only=True):
    """A dossier as staff of its units see it; ID number and telephone masked.

    stand_ins   what is played by a stand-in here, as sentences: signatures of the TEST authority, above all
    """

    id: int
    code: str | None
    submission_code: str | None
    procedure_code: str
    status: int
    status_name: str
    owner_name: str
    owner_id_number: str
    owner_phone: str
    step: str | None
    stand_ins: list[str]
    assignee_id: int | None
    received_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    resolved_at: datetime | None
    ended_at: datetime | None


class PaymentNoticeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    step: Annotated[str, msgspec.Meta(max_length=40)]
    number: Annotated[str, msgspec.Meta(max_length=60)]
    amount_dong: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    pay_by: date
    file_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None


class ProofBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Of the payment; with a notice of the tax office one of the two is needed."""

    proof_number: Annotated[str, msgspec.Meta(max_length=60)] = ""
    proof_file_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None


class AskOpinionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`answer_by`: the last day to answer; left out, the usual number of working days."""

    body_id: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    question: Annotated[str, msgspec.Meta(max_length=1000)]
    answer_by: date | None = None


class AnswerBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    answer: Annotated[str, msgspec.Meta(max_length=2000)]


class SendBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Papers of these debts (GET /papers) on one trip between two desks, by their unit codes."""

    from_unit: UnitCode
    to_unit: UnitCode
    debts: Annotated[list[int], msgspec.Meta(min_length=1, max_length=200)]
    carrier: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ReceiveBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`missing`: what of a debt did not come, by its id; it is owed again."""

    missing: dict[str, Annotated[str, msgspec.Meta(max_length=300)]] = msgspec.field(default_factory=dict)
    discrepancies: Annotated[str, msgspec.Meta(max_length=500)] = ""


class PaperDebtAnswer(msgspec.Struct, kw_only=True):
    """`from_unit_code`, `to_unit_code`: what POST /carriages asks for."""

    id: int
    code: str
    what: str
    from_unit: str
    from_unit_code: str
    to_unit: str
    to_unit_code: str
    due_at: datetime
    late: bool


class CarriageAnswer(msgspec.Struct, kw_only=True):
    id: int
    code: str
    number: str
    from_unit: str
    to_unit: str
    dossiers: int
    sent_at: datetime
    received_at: datetime | None
    discrepancies: str
    late: bool


class OpinionAnswer(msgspec.Struct, kw_only=True):
    id: int
    code: str
    body: str
    question: str
    answer_until: datetime
    late: bool
