"""Three lists of one day against each other: what we hold as paid, what the gateway lists, what the accounts received.

Nothing here reads the database or decides what becomes of a difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

NOT_OURS, NOT_GATEWAYS, NOT_BANKS = "not_ours", "not_gateways", "not_banks"
DOUBLE, AMOUNT, UNIT = "double", "amount", "unit"
OUT, TRANSIT = "out", "transit"  # of one list alone: money that left, cash that never arrived


@dataclass(frozen=True, kw_only=True)
class Ours:
    """A payment that counts as paid. `by_gateway`: the gateway told us; else it came by transfer straight to the account."""

    payment_id: int
    reference: str
    transaction_id: str
    amount_dong: int
    unit_id: int
    account_id: int
    by_gateway: bool


@dataclass(frozen=True, kw_only=True)
class Theirs:
    """A row of the gateway's list or of a statement.

    unit_id   whose account it went to, at present: an account may move to another unit, the payment stays where it was
    movement  the movement of a statement that it is, where that is known
    """

    reference: str  # ours, as far as it was found there
    transaction_id: str
    amount_dong: int
    unit_id: int
    account_id: int
    movement: int | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """One difference. `key` tells it from every other of its kind and stays the same when the lists are compared again."""

    kind: str
    key: str
    unit_id: int
    ours_dong: int | None = None
    gateway_dong: int | None = None
    bank_dong: int | None = None
    payment_id: int | None = None
    movement: int | None = None


def compare(
    ours: Sequence[Ours],
    gateway: Sequence[Theirs],
    bank: Sequence[Theirs],
    *,
    statements_of: Collection[int],
    others: Collection[str] = (),
    unpaid: Mapping[str, int] | None = None,
    whole_day: bool = True,
) -> list[Found]:
    """Every difference, each once, in a settled order.

    gateway, bank   rows that came in; what went back is left out by the caller
    statements_of   accounts whose statement of the day is there: of others the bank says nothing, which is no difference
    others          references of payments that count on another day: their rows are compared there
    unpaid          {reference: payment} of payments that do not count as paid: money that names one is still not ours
    whole_day       the gateway's list came after the day was over: what an earlier one lacks is no difference
    """
    found: list[Found] = []
    by_reference = {one.reference: one for one in ours}
    listed, booked = _grouped(gateway), _grouped(bank)
    for one in ours:
        rows, lines = listed.get(one.reference, []), booked.get(one.reference, [])
        if one.by_gateway and (rows or whole_day):
            found += _against(one, rows, "gateway", missing=NOT_GATEWAYS)
        if one.account_id in statements_of or lines:
            found += _against(one, lines, "bank", missing=NOT_BANKS)
    for where, all_rows in (("gateway", gateway), ("bank", bank)):
        seen: Counter[str] = Counter()
        for row in sorted(all_rows, key=lambda row: (row.transaction_id, row.amount_dong)):
            if row.reference not in by_reference and row.reference not in others:
                seen[row.transaction_id] += 1
                again = f":{seen[row.transaction_id]}" if seen[row.transaction_id] > 1 else ""
                key, names = f"{where}:{row.transaction_id}{again}", (unpaid or {}).get(row.reference)
                found.append(_one(NOT_OURS, where, row, key=key, payment_id=names))
    return sorted(found, key=lambda one: (one.kind, one.key))


def _against(one: Ours, rows: Sequence[Theirs], where: str, *, missing: str) -> list[Found]:
    """One payment against what a list says of its reference: none, one that fits or does not, more than one."""
    if not rows:
        return [
            Found(
                kind=missing,
                key=f"{where}:{one.reference}",
                unit_id=one.unit_id,
                ours_dong=one.amount_dong,
                payment_id=one.payment_id,
            )
        ]
    chosen = next((row for row in rows if row.transaction_id == one.transaction_id), None)
    chosen = chosen or next((row for row in rows if row.amount_dong == one.amount_dong), rows[0])
    found, seen = [], Counter([chosen.transaction_id])
    for row in rows:
        if row is not chosen:
            key = f"{where}:{one.reference}:{row.transaction_id}:{seen[row.transaction_id]}"
            seen[row.transaction_id] += 1
            found.append(_one(DOUBLE, where, row, key=key, ours=one))
    if chosen.amount_dong != one.amount_dong:
        found.append(_one(AMOUNT, where, chosen, key=f"{where}:{one.reference}", ours=one))
    if chosen.account_id != one.account_id:
        found.append(_one(UNIT, where, chosen, key=f"{where}:{one.reference}", ours=one))
    return found


def _one(kind: str, where: str, row: Theirs, *, key: str, ours: Ours | None = None, payment_id: int | None = None) -> Found:
    return Found(
        kind=kind,
        key=key,
        unit_id=ours.unit_id if ours else row.unit_id,
        ours_dong=ours.amount_dong if ours else None,
        payment_id=ours.payment_id if ours else payment_id,
        movement=row.movement,
        gateway_dong=row.amount_dong if where == "gateway" else None,
        bank_dong=row.amount_dong if where == "bank" else None,
    )


def _grouped(rows: Iterable[Theirs]) -> dict[str, list[Theirs]]:
    found: dict[str, list[Theirs]] = defaultdict(list)
    for row in rows:
        if row.reference:
            found[row.reference].append(row)
    return found
