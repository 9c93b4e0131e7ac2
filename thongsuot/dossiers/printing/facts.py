"""What each printed form must be told. The caller fills these from its rows; nothing here reads the database.

Names, addresses and reasons are text as people wrote it: it may hold anything and is printed as it stands. Empty text means
"not known" and leaves its line out, or blank where the form wants to be filled by hand. Instants are printed as
hh:mm dd/mm/yyyy in local time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Meaning(StrEnum):
    """What a form is for. Its number and title are data by regulation and date (`forms.csv`)."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    CONTROL_SLIP = "control_slip"
    LOGBOOK = "logbook"
    STOP_NOTICE = "stop_notice"
    SUBMISSION_SLIP = "submission_slip"
    CARRIAGE_SLIP = "carriage_slip"


@dataclass(frozen=True, kw_only=True)
class Agency:
    """The block at the top left, as the day's names have it. Capitals are made by the form.

    above   "Ủy ban nhân dân phường Hoàn Kiếm"
    name    "Trung tâm Phục vụ hành chính công"
    place   what stands before the date: "Hoàn Kiếm"
    """

    above: str
    name: str
    place: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """The dossier. Before reception there is only a submission code.

    look_up_url   what the QR holds; empty leaves the QR out
    """

    procedure_name: str
    procedure_code: str
    code: str = ""
    submission_code: str = ""
    look_up_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Whose dossier it is, and who brought it when that is another person."""

    owner_name: str
    id_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    filer_name: str = ""
    filer_relation: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper handed in: how many of each kind. `note` says why there is none: reused, looked up, waived."""

    name: str
    originals: int = 0
    copies: int = 0
    electronic: int = 0
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who signs. `post` stands above the name: "Người tiếp nhận hồ sơ", "KT. Chủ tịch\\nPhó Chủ tịch" with its lines parted."""

    post: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Charge:
    """A fee or levy as it was computed."""

    name: str
    amount_dong: int
    paid: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What every form carries.

    number     the form's own running number, "0011/TNHS-TTPVHCC"; empty prints dots to write on
    made_at    the instant of the fact (reception, request, refusal): the date in the heading and in the file's properties
    stand_in   a sentence when something simulated or made up took part; printed at the foot of every page
    """

    agency: Agency
    made_at: datetime
    number: str = ""
    stand_in: str = ""


@dataclass(frozen=True, kw_only=True)
class ProofLine:
    """What proves the paper to whoever is shown it: the code to type, its address, and the address as a QR (SVG)."""

    code: str
    url: str
    svg: str


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts(Sheet):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả. `sets` counts the whole dossier, not the papers."""

    case: Case
    applicant: Applicant
    papers: tuple[Paper, ...]
    time_limit: str
    received_at: datetime
    due_at: datetime
    return_place: str
    return_by: str
    officer: Signer
    sets: int = 1
    charges: tuple[Charge, ...] = ()
    filer_signs: bool = True  # False when filed online or by post
    proof: ProofLine | None = None


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """One point of a supplement request: what, and why as it is cannot stay."""

    what: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class SupplementFacts(Sheet):
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ. All points at once; `until` is the end of the wait, if one was set.

    A case without a code was not received yet: the form then says that no time limit has begun.
    """

    case: Case
    applicant: Applicant
    points: tuple[Lacking, ...]
    officer: Signer
    guidance: str = ""
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RefusalFacts(Sheet):
    """Phiếu từ chối tiếp nhận, giải quyết hồ sơ. Every reason; `guidance` says where or how else."""

    case: Case
    applicant: Applicant
    reasons: tuple[str, ...]
    officer: Signer
    basis: str = ""
    guidance: str = ""
    filer_signs: bool = True  # False when filed online: no papers go back


@dataclass(frozen=True, kw_only=True)
class ApologyFacts(Sheet):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả. Given at most once (NĐ 61/2018/NĐ-CP Điều 19); the caller sees to that."""

    case: Case
    applicant: Applicant
    received_at: datetime
    due_at: datetime
    new_due_at: datetime
    reason: str
    return_place: str
    signer: Signer
    responsible: str = ""  # the body that is late, when it is not the one that writes


class Pace(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """One line of the control slip. Open (`handed_at` None) while the receiver still works on it."""

    step: str
    giver: str
    receiver: str
    received_at: datetime
    due_at: datetime | None = None
    handed_at: datetime | None = None
    pace: Pace | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LegLine:
    """One agency's turn in a dossier of several: its own limit, and what it is charged.

    Open (`given_back_at` None) while the agency has it.

    limit       "16 giờ làm việc"
    taken_by    empty: counted as taken by the system
    late        "3 giờ làm việc"; empty when it was not late
    """

    body: str
    handed_over_at: datetime
    limit: str
    due_at: datetime
    taken_at: datetime | None = None
    taken_by: str = ""
    given_back_at: datetime | None = None
    pace: Pace | None = None
    late: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ControlSlipFacts(Sheet):
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: stays with the dossier inside the agencies."""

    case: Case
    applicant: Applicant
    received_at: datetime
    due_at: datetime
    hand_overs: tuple[HandOver, ...]
    legs: tuple[LegLine, ...] = ()  # of a dossier that several agencies work on
    paused: tuple[str, ...] = ()  # "Chờ bổ sung: 09:10 12/02/2026 đến 14:00 24/02/2026"
    extended: str = ""  # "Kéo dài 2 ngày làm việc. Hẹn trả từ … thành …. Lý do: …"
    left_out: tuple[str, ...] = ()  # names of steps of a branch that this dossier did not take


@dataclass(frozen=True, kw_only=True)
class LogbookRow:
    code: str
    procedure_name: str
    owner_name: str
    contact: str  # address and phone, as one text
    resolving_body: str
    received_at: datetime
    due_at: datetime | None = None
    sets: int = 1
    passed_at: datetime | None = None  # to the resolving body
    resolved_at: datetime | None = None  # back from it
    returned_at: datetime | None = None
    returned_by: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LogbookFacts(Sheet):
    """Sổ theo dõi hồ sơ: A4 across, one row for each dossier, first and last day included."""

    first_day: date
    last_day: date
    rows: tuple[LogbookRow, ...]
    keeper: Signer = field(default_factory=lambda: Signer(post="Người lập sổ"))
    head: Signer = field(default_factory=lambda: Signer(post="Phụ trách đơn vị"))


class StopKind(StrEnum):
    WITHDRAWN = "withdrawn"  # the filer asked
    NOT_SUPPLEMENTED = "not_supplemented"  # the wait ended
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class StopFacts(Sheet):
    """Thông báo dừng giải quyết hồ sơ. `asked_at` for WITHDRAWN, `requested_at` (of the supplement) for NOT_SUPPLEMENTED."""

    case: Case
    applicant: Applicant
    kind: StopKind
    signer: Signer
    received_at: datetime | None = None
    asked_at: datetime | None = None
    requested_at: datetime | None = None
    reason: str = ""
    basis: str = ""
    papers_back: str = ""
    charges_note: str = ""


@dataclass(frozen=True, kw_only=True)
class SubmissionFacts(Sheet):
    """For an online filing the desk has not answered yet. It is no receipt and sets no date of return."""

    case: Case
    applicant: Applicant
    papers: tuple[Paper, ...]
    submitted_at: datetime
    answer_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class CarriedRow:
    """One dossier on a trip: what of it is on paper. Never whose it is: the slip lies open on a lorry."""

    code: str
    what: str
    papers: tuple[Paper, ...]
    originals: int
    copies: int


@dataclass(frozen=True, kw_only=True)
class CarriageFacts(Sheet):
    """Phiếu bàn giao hồ sơ giấy: from desk to desk, one row for each dossier. `scan_url` opens the taking over."""

    code: str
    scan_url: str
    from_name: str
    to_name: str
    sent_at: datetime
    carrier: str = ""
    rows: tuple[CarriedRow, ...]
    received_at: datetime | None = None
    discrepancies: str = ""
    giver: Signer
    taker: Signer = field(default_factory=lambda: Signer(post="Bên nhận"))


Facts = (
    ReceiptFacts
    | SupplementFacts
    | RefusalFacts
    | ApologyFacts
    | ControlSlipFacts
    | LogbookFacts
    | StopFacts
    | SubmissionFacts
    | CarriageFacts
)

FACTS_OF: dict[Meaning, type[Sheet]] = {
    Meaning.RECEIPT: ReceiptFacts,
    Meaning.SUPPLEMENT: SupplementFacts,
    Meaning.REFUSAL: RefusalFacts,
    Meaning.APOLOGY: ApologyFacts,
    Meaning.CONTROL_SLIP: ControlSlipFacts,
    Meaning.LOGBOOK: LogbookFacts,
    Meaning.STOP_NOTICE: StopFacts,
    Meaning.SUBMISSION_SLIP: SubmissionFacts,
    Meaning.CARRIAGE_SLIP: CarriageFacts,
}
