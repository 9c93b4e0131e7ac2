"""What a unit that ends holds of dossiers, and how it goes to its successors (units.moves).

Ended dossiers stay where they ended: figures and papers of then speak of the unit of then. Who answers for them now is
`units.queries.keeper_of`.
"""

from thongsuot.dossiers.holdings import beside, open_dossiers
from thongsuot.units.moves import register, stays

register(open_dossiers.Pending())
register(open_dossiers.Results())
register(beside.Received())
register(beside.Legs())
register(beside.Opinions())
register(beside.DebtsOwed())
register(beside.DebtsDue())
register(beside.Carriages())
register(beside.Drafts())
stays("dossiers.CopyOffer.unit", "what the unit offered ends with it; the successor decides for itself")
stays(("dossiers.Result.unit", "dossiers.ResultChange.unit"), "in whose register a number stands")
stays("dossiers.Carriage.from_unit", "who sent the papers is history")
