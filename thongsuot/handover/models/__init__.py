"""Tables of the changeover, one file per subject."""

from thongsuot.handover.models.changeover import Changeover, Transfer, TransferCount
from thongsuot.handover.models.inventory import Box, HeadCount, Item, NewSeal, Representative, Sheet, SurplusPremises
from thongsuot.handover.models.minutes import HandoverMinutes, HandoverSignature
from thongsuot.handover.models.receipts import Receipt

__all__ = [
    "Box",
    "Changeover",
    "HandoverMinutes",
    "HandoverSignature",
    "HeadCount",
    "Item",
    "NewSeal",
    "Receipt",
    "Representative",
    "Sheet",
    "SurplusPremises",
    "Transfer",
    "TransferCount",
]
