"""Tables of dossiers, one file per subject."""

from thongsuot.dossiers.models.answers import FeeDue, Rating, Result
from thongsuot.dossiers.models.dossier import Channel, Dossier, OwnerKind, Status
from thongsuot.dossiers.models.filing import Draft, DraftFile, TrackTry
from thongsuot.dossiers.models.papers import Component
from thongsuot.dossiers.models.process import Opinion, Pause, StepRun, SupplementRequest
from thongsuot.dossiers.models.recomputing import MovedDue, Recomputation
from thongsuot.dossiers.models.settings import Setting
from thongsuot.dossiers.models.tally import Tally, TallyChange

__all__ = [
    "Channel",
    "Component",
    "Dossier",
    "Draft",
    "DraftFile",
    "FeeDue",
    "MovedDue",
    "Opinion",
    "OwnerKind",
    "Pause",
    "Rating",
    "Recomputation",
    "Result",
    "Setting",
    "Status",
    "StepRun",
    "SupplementRequest",
    "Tally",
    "TallyChange",
    "TrackTry",
]
