-- The books are append-only, as the history is (kernel/sql/functions/record.sql): what was wrong is set right by another entry.
DROP TRIGGER IF EXISTS payments_ledger_append_only ON payments_ledgerentry;
CREATE TRIGGER payments_ledger_append_only BEFORE UPDATE OR DELETE ON payments_ledgerentry
  FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP TRIGGER IF EXISTS payments_ledger_never_emptied ON payments_ledgerentry;
CREATE TRIGGER payments_ledger_never_emptied BEFORE TRUNCATE ON payments_ledgerentry
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
