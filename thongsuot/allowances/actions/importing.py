"""An old list comes in: sent, read (nothing is on the roll yet), looked at, stored whole or not at all."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from thongsuot.allowances import events
from thongsuot.allowances.actions.keeping import SEEN
from thongsuot.allowances.models import AllowanceImport, AllowanceRow
from thongsuot.allowances.queries.imports import KEPT, OUT
from thongsuot.allowances.queries.keeping import must_keep
from thongsuot.allowances.queries.roll import group_facts
from thongsuot.allowances.rules import first_of, last_day
from thongsuot.allowances.rules.roll import COLUMNS, Judged, Surroundings, judge
from thongsuot.files import table_imports
from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.tables import rows_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.people.actions import log_look_up
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

MOST_ROWS = 200_000


@command
def send_file(
    content: bytes | Readable, *, name: str, unit_id: int, month: date, actor: Actor, at: datetime
) -> AllowanceImport:
    """Keep the file and have it read. Raises NotYourDuty, SameFileAgain, and what `files.actions.store` refuses.

    unit_id  whose list it is; of a city: its rows name units by the codes of `month`
    """
    must_keep(actor, unit_id)
    stored = store(content, name=name, actor=actor, at=at, purpose="allowances.import", rule=TABLE_RULE)
    once = {"unit_id": unit_id}
    sent = table_imports.begin(AllowanceImport, stored, once=once, month=first_of(month), actor=actor, at=at)
    record(events.IMPORT_SENT, sent, actor=actor, at=at, unit_id=unit_id, month=sent.month, sha256=sent.sha256)
    return sent


def read_file(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """Read all rows and judge each; nothing enters the roll. Runs in the worker, maybe twice: then from the start."""
    sent = must_exist(AllowanceImport.objects.select_related("file__blob").filter(pk=import_id).first())
    if sent.status != AllowanceImport.Status.READING:
        return sent
    around, content_type = _surroundings(sent), sent.file.blob.content_type
    try:
        whole = table_imports.read_rows(
            sent,
            lambda file: rows_of(file, COLUMNS, content_type=content_type, most_rows=MOST_ROWS),
            lambda rows: [_row(sent, judge(row, around)) for row in rows],
        )
    except TellPerson as refusal:
        return refuse_file(import_id, why=refusal.message(), actor=actor, at=at)
    return _finish_reading(import_id, actor=actor, at=at) if whole else AllowanceImport.objects.get(pk=import_id)


def _surroundings(sent: AllowanceImport) -> Surroundings:
    """Codes as they were at the end of the list's month; people are on the lists of communes alone."""
    day = last_day(sent.month)
    of_city = units.unit_rows(units.unit_ids_under(units.city_of(sent.unit_id), as_of=day), as_of=day).values()
    communes = {row.code: row.id for row in of_city if row.level == Unit.Level.COMMUNE}
    return Surroundings(
        unit_ids=communes,
        allowed=units.unit_ids_under(sent.unit_id, as_of=day),
        own_unit_id=sent.unit_id if sent.unit_id in communes.values() else None,
        groups=group_facts(),
        month=sent.month,
    )


def _row(sent: AllowanceImport, one: Judged) -> AllowanceRow:
    return AllowanceRow(
        source=sent,
        place=one.place,
        state=one.state,
        reasons=list(one.reasons),
        cells=dict(one.cells),
        values=dict(one.values),
        person_key=one.person_key,
        fingerprint=one.fingerprint,
    )


# A person's row of the same group on the roll that is due in a month of the new row: they must not both be. Whoever is paid
# in the list's month stands there already (in the same unit, or in the successor that came to have the unit's people) with
# the same amount, or a person must say which unit and amount is right. Whoever had stopped by then does not come back unasked.
_JUDGE_BY_ROLL = """
WITH known AS (
  SELECT DISTINCT ON (row.id) row.id,
         CASE WHEN b.stop_month <= source.month THEN 'stopped:' || to_char(b.stop_month, 'MM/YYYY')
              WHEN b.unit_id <> (row."values"->>'unit_id')::bigint AND NOT EXISTS (
                     SELECT FROM units_succession s
                      WHERE s.old_unit_id = (row."values"->>'unit_id')::bigint AND s.new_unit_id = b.unit_id)
              THEN 'other_unit:' || b.unit_id
              WHEN (b.amount_dong, b.coefficient) IS DISTINCT FROM
                   ((row."values"->>'amount_dong')::int, (row."values"->>'coefficient')::numeric)
              THEN 'other_amount:' || b.unit_id
              ELSE 'already' END AS reason
    FROM allowances_allowancerow row
    JOIN allowances_allowanceimport source ON source.id = row.source_id
    JOIN allowances_beneficiary b
      ON b.id_number = row."values"->>'id_number' AND b.group_id = (row."values"->>'group_id')::bigint
   WHERE row.source_id = %(source)s AND row.state = 'good'
     AND (b.stop_month IS NULL OR b.stop_month > (row."values"->>'start_month')::date)
   ORDER BY row.id, b.stop_month DESC NULLS FIRST
)
UPDATE allowances_allowancerow row
   SET state = CASE known.reason WHEN 'already' THEN 'rejected' ELSE 'to_correct' END,
       reasons = ARRAY[known.reason], "values" = '{}'
  FROM known WHERE known.id = row.id
"""

# A row that says letter by letter what an earlier one says is the same row twice. Two different rows of one person in one
# group are both unclear: which unit and amount is right nobody can see. Who is on the roll already is not added again.
_JUDGE_TOGETHER = f"""
WITH said AS (
  SELECT id, row_number() OVER (PARTITION BY fingerprint ORDER BY place) AS nth
    FROM allowances_allowancerow WHERE source_id = %(source)s AND state <> 'rejected'
)
UPDATE allowances_allowancerow row SET state = 'rejected', reasons = ARRAY['same_row'], "values" = '{{}}'
  FROM said WHERE said.id = row.id AND said.nth > 1;
{_JUDGE_BY_ROLL};
UPDATE allowances_allowancerow row SET state = 'to_correct', reasons = array_append(row.reasons, 'twice'), "values" = '{{}}'
 WHERE source_id = %(source)s AND state <> 'rejected' AND person_key IN (
   SELECT person_key FROM allowances_allowancerow
    WHERE source_id = %(source)s AND state <> 'rejected' AND person_key <> '' GROUP BY person_key HAVING count(*) > 1)
"""  # noqa: S608 - constants

_STORE = f"""
{_JUDGE_BY_ROLL};
INSERT INTO allowances_beneficiary
  (unit_id, group_id, full_name, name_key, id_number, born, address, coefficient, amount_dong, start_month, stop_reason, payer,
   bank, account, cash_point, receiver_name, receiver_id_number, receiver_paper, source_id, source_place, added_at)
SELECT v.unit_id, v.group_id, v.full_name, v.name_key, v.id_number, v.born, v.address, v.coefficient, v.amount_dong,
       v.start_month, '', v.payer, v.bank, v.account, v.cash_point, v.receiver_name, v.receiver_id_number, v.receiver_paper,
       row.source_id, row.place, %(at)s
  FROM allowances_allowancerow row,
       jsonb_to_record(row."values") AS v(unit_id bigint, group_id bigint, full_name text, name_key text, id_number text,
         born text, address text, coefficient numeric, amount_dong int, start_month date, payer text, bank text, account text,
         cash_point text, receiver_name text, receiver_id_number text, receiver_paper text)
 WHERE row.source_id = %(source)s AND row.state = 'good' ORDER BY row.place
ON CONFLICT (id_number, group_id) WHERE stop_month IS NULL DO NOTHING;
UPDATE allowances_allowancerow row SET state = 'stored', cells = '{{}}', "values" = '{{}}', person_key = '', fingerprint = ''
  FROM allowances_beneficiary b
 WHERE b.source_id = %(source)s AND row.source_id = %(source)s AND b.source_place = row.place;
UPDATE allowances_allowancerow SET state = 'rejected', reasons = ARRAY['already'], "values" = '{{}}'
 WHERE source_id = %(source)s AND state = 'good'
"""  # noqa: S608 - constants


@command
def _finish_reading(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """All rows are there: what other rows and the roll say, and count. The file now waits for a person."""
    sent = _locked(import_id, actor)
    table_imports.must_be(sent, AllowanceImport.Status.READING)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE allowances_allowancerow")
        cursor.execute(_JUDGE_TOGETHER, {"source": sent.pk})
    return table_imports.go_on(sent, AllowanceImport.Status.PREVIEWED, events.IMPORT_READ, actor=actor, at=at)


@command
def refuse_file(import_id: int, *, why: str, actor: Actor, at: datetime) -> AllowanceImport:
    """The file as a whole cannot be read: its rows are forgotten, the reason stays."""
    return table_imports.refuse(_locked(import_id, actor), events.IMPORT_READ, why=why, actor=actor, at=at)


@command
def start_import(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """A person has seen what was read and wants it on the roll. Raises NotYourDuty, ImportNotWaiting."""
    return table_imports.start(_locked(import_id, actor), events.IMPORT_STARTED, actor=actor, at=at)


@command
def store_import(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """All good rows at once; whoever came onto the roll meanwhile is judged again first. Raises ImportNotWaiting."""
    sent = _locked(import_id, actor)
    table_imports.must_be(sent, AllowanceImport.Status.STORING)
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {"source": sent.pk, "at": at})
    return table_imports.go_on(sent, AllowanceImport.Status.DONE, events.IMPORT_DONE, actor=actor, at=at)


@command
def discard_import(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """Not wanted, or its reading never ends. Raises NotYourDuty, ImportNotWaiting."""
    return table_imports.discard(_locked(import_id, actor), events.IMPORT_DISCARDED, actor=actor, at=at)


@command
def take_out_rows(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """Note that rows that did not come in are taken out in full, to be mended. Raises NotYourDuty, NotFound."""
    sent = must_exist(AllowanceImport.objects.filter(pk=import_id).first())
    must_keep(actor, sent.unit_id)
    reason = _("Tải các dòng chưa vào danh sách của tệp %(file)s để sửa") % {"file": sent.file_name}
    log_look_up(sent, fields=SEEN, reason=reason, actor=actor, at=at)
    record(events.ROWS_EXPORTED, sent, actor=actor, at=at, unit_id=sent.unit_id, rows=sent.to_correct + sent.rejected)
    return sent


@command
def forget_rows(import_id: int, *, actor: Actor, at: datetime) -> AllowanceImport:
    """What rows said that did not come in is forgotten, 90 days after the file was sent.

    What became of each row stays. Raises NotFound.
    """
    sent = must_exist(AllowanceImport.objects.select_for_update().filter(pk=import_id, sent_at__lt=at - KEPT).first())
    forgot = AllowanceRow.objects.filter(source=sent, state__in=OUT).exclude(cells={})
    count = forgot.update(cells={}, values={}, person_key="", fingerprint="")
    record(events.ROWS_FORGOTTEN, sent, actor=actor, at=at, unit_id=sent.unit_id, rows=count)
    return sent


def _locked(import_id: int, actor: Actor) -> AllowanceImport:
    sent = must_exist(AllowanceImport.objects.select_for_update().filter(pk=import_id).first())
    must_keep(actor, sent.unit_id)
    return sent
