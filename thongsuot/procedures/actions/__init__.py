"""Commands of the catalogue: versions and rights (`catalogue`), files (`imports`), e-processes being drawn (`processes`)."""

from thongsuot.procedures.actions.catalogue import (
    DUTY,
    CompetenceHasEnded,
    CompetenceOverlaps,
    LoadReport,
    PastStays,
    Progress,
    VersionFromThatDay,
    add_shipped,
    end_competence,
    end_procedure,
    grant_competence,
    publish_version,
)
from thongsuot.procedures.actions.imports import ImportedRow, import_rows
from thongsuot.procedures.actions.processes import (
    DraftChanged,
    NoDraft,
    discard_process,
    publish_process,
    save_process,
)

__all__ = [
    "DUTY",
    "CompetenceHasEnded",
    "CompetenceOverlaps",
    "DraftChanged",
    "ImportedRow",
    "LoadReport",
    "NoDraft",
    "PastStays",
    "Progress",
    "VersionFromThatDay",
    "add_shipped",
    "discard_process",
    "end_competence",
    "end_procedure",
    "grant_competence",
    "import_rows",
    "publish_process",
    "publish_version",
    "save_process",
]
