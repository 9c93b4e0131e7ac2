"""What is no ticket, though it came as one: a complaint, a denunciation. A guess for a person to decide, never a decision."""

from __future__ import annotations

import re

from thongsuot.feedback.words import Suspected
from thongsuot.kernel.text import search_key

# Words of the acts themselves (Luật Khiếu nại, Luật Tố cáo), not of anger: "khiếu nại tiếng ồn" is how people say complain.
_DENUNCIATION = re.compile(
    r"\b(to cao|to giac|don to cao|bao che|tham nhung|tham o|nhan hoi lo|hoi lo|vu loi|loi dung chuc vu)\b"
)
_COMPLAINT = re.compile(
    r"\b(don khieu nai|khieu nai (quyet dinh|hanh vi|lan dau|lan hai|ve quyet dinh|viec thu hoi|boi thuong)|"
    r"giai quyet khieu nai|xin khieu nai|huy quyet dinh)\b"
)


def suspected(words: str) -> Suspected:
    """Denunciation before complaint: who is denounced must not get the ticket."""
    key = search_key(words)
    if _DENUNCIATION.search(key):
        return Suspected.DENUNCIATION
    if _COMPLAINT.search(key):
        return Suspected.COMPLAINT
    return Suspected.NONE
