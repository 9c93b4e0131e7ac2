"""Tables of dossiers, one file per subject."""

from thongsuot.dossiers.models.answers import FeeDue, Rating, Result
from thongsuot.dossiers.models.changes import ResultChange
from thongsuot.dossiers.models.copies import CertifiedCopy, CopyOffer
from thongsuot.dossiers.models.digitising import Digitisation, ReusedComponent
from thongsuot.dossiers.models.dossier import DECIDED, Channel, Dossier, OwnerKind, Status
from thongsuot.dossiers.models.drafts import Draft, DraftFile, DraftHelp, TrackTry
from thongsuot.dossiers.models.legs import Carriage, Leg, PaperDebt, PaymentNotice
from thongsuot.dossiers.models.papers import Component
from thongsuot.dossiers.models.process import Extension, Opinion, Pause, StepRun, SupplementRequest
from thongsuot.dossiers.models.recomputing import MovedDue, Recomputation
from thongsuot.dossiers.models.settings import Setting
from thongsuot.dossiers.models.signing import ResultSigning, SigningBatch, SigningBatchItem
from thongsuot.dossiers.models.tally import Tally, TallyChange
from thongsuot.dossiers.models.visits import Visit

__all__ = [
    "DECIDED",
    "Carriage",
    "CertifiedCopy",
    "Channel",
    "Component",
    "CopyOffer",
    "Digitisation",
    "Dossier",
    "Draft",
    "DraftFile",
    "DraftHelp",
    "Extension",
    "FeeDue",
    "Leg",
    "MovedDue",
    "Opinion",
    "OwnerKind",
    "PaperDebt",
    "Pause",
    "PaymentNotice",
    "Rating",
    "Recomputation",
    "Result",
    "ResultChange",
    "ResultSigning",
    "ReusedComponent",
    "Setting",
    "SigningBatch",
    "SigningBatchItem",
    "Status",
    "StepRun",
    "SupplementRequest",
    "Tally",
    "TallyChange",
    "TrackTry",
    "Visit",
]
