"""Refunds of before learn in whose books and account their money stands: of undue money the entry made together with each."""

from django.db import migrations

FILL = """
UPDATE payments_refund r SET unit_id = p.unit_id, account_id = p.account_id
FROM payments_feepayment p WHERE p.id = r.payment_id AND r.unit_id IS NULL AND r.line_id IS NOT NULL;

UPDATE payments_refund r SET unit_id = e.unit_id, account_id = e.account_id
FROM (
  SELECT id, row_number() OVER (PARTITION BY payment_id, amount_dong ORDER BY id) AS place, payment_id, amount_dong
  FROM payments_refund WHERE line_id IS NULL AND payment_id IS NOT NULL
) of JOIN (
  SELECT row_number() OVER (PARTITION BY payment_id, amount_dong ORDER BY id) AS place, payment_id, amount_dong, unit_id, account_id
  FROM payments_ledgerentry WHERE why = 'undue' AND payment_id IS NOT NULL
) e USING (payment_id, amount_dong, place)
WHERE r.id = of.id AND r.unit_id IS NULL;

UPDATE payments_refund r SET unit_id = coalesce(
    (SELECT unit_id FROM payments_ledgerentry WHERE refund_id = r.id AND why = 'refund_due' ORDER BY id LIMIT 1), a.unit_id
  ), account_id = a.id
FROM payments_statementline l JOIN payments_feeaccount a ON a.id = l.account_id
WHERE l.id = r.statement_line_id AND r.unit_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_held")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
