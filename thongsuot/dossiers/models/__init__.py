"""Tables of dossiers, one file per subject."""

from thongsuot.dossiers.models.answers import FeeDue, Rating, Result
from thongsuot.dossiers.models.dossier import Channel, Dossier, OwnerKind, Status
from thongsuot.dossiers.models.filing import Draft, DraftFile, TrackTry
from thongsuot.dossiers.models.legs import Carriage, Leg, PaperDebt, PaymentNotice
from thongsuot.dossiers.models.papers import Component
from thongsuot.dossiers.models.process import Opinion, Pause, StepRun, SupplementRequest
from thongsuot.dossiers.models.settings import Setting
from thongsuot.dossiers.models.tally import Tally, TallyChange

__all__ = [
    "Carriage",
    "Channel",
    "Component",
    "Dossier",
    "Draft",
    "DraftFile",
    "FeeDue",
    "Leg",
    "Opinion",
    "OwnerKind",
    "PaperDebt",
    "Pause",
    "PaymentNotice",
    "Rating",
    "Result",
    "Setting",
    "Status",
    "StepRun",
    "SupplementRequest",
    "Tally",
    "TallyChange",
    "TrackTry",
]
