"""Tables of the civil status registers, one file per subject."""

from thongsuot.registers.models.entries import Annotation, Book, Entry, EntryPerson, Kind, Role
from thongsuot.registers.models.imports import ImportRow, Proposal, RegisterImport
from thongsuot.registers.models.issuing import IssuedPaper, RegisterSearch

__all__ = [
    "Annotation",
    "Book",
    "Entry",
    "EntryPerson",
    "ImportRow",
    "IssuedPaper",
    "Kind",
    "Proposal",
    "RegisterImport",
    "RegisterSearch",
    "Role",
]
