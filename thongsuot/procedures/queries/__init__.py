"""Reads of the catalogue, as rows and views ready to show. What intake asks on every dossier is remembered."""

from thongsuot.procedures.content import FeeRule, LegalBasis, Paper, ResultPaper, Step
from thongsuot.procedures.queries.administration import (
    CompetenceRow,
    ImportRow,
    VersionRow,
    competence_row,
    competence_rows,
    history,
    import_report,
    imports,
    kind_of,
    known,
    version_rows,
)
from thongsuot.procedures.queries.catalogue import (
    COMMON,
    PAGE,
    CatalogueRow,
    FieldRow,
    Found,
    catalogue,
    counts_by_kind,
    fields,
    process_coverage,
    suggestions,
    these,
)
from thongsuot.procedures.queries.competence import (
    CompetenceEnded,
    CompetenceView,
    NotCompetent,
    competence,
    competent_unit_ids,
    rights_in_city,
)
from thongsuot.procedures.queries.versions import (
    NotInForce,
    UnknownProcedure,
    VersionView,
    next_change,
    version,
    version_in_force,
)

__all__ = [
    "COMMON", "PAGE", "CatalogueRow", "CompetenceEnded", "CompetenceRow", "CompetenceView", "FeeRule", "FieldRow",
    "Found", "ImportRow", "LegalBasis", "NotCompetent", "NotInForce", "Paper", "ResultPaper", "Step",
    "UnknownProcedure", "VersionRow", "VersionView", "catalogue", "competence", "competence_row", "competence_rows",
    "competent_unit_ids", "counts_by_kind", "fields", "history", "import_report", "imports", "kind_of", "known",
    "next_change", "process_coverage", "rights_in_city", "suggestions", "these", "version", "version_in_force",
    "version_rows",
]
