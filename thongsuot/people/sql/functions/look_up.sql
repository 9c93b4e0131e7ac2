-- Look-ups are only ever added (kernel_refuse_change: kernel/sql/functions/record.sql).
DROP TRIGGER IF EXISTS people_lookup_append_only ON people_lookup;
CREATE TRIGGER people_lookup_append_only BEFORE UPDATE OR DELETE ON people_lookup
  FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP TRIGGER IF EXISTS people_lookup_never_emptied ON people_lookup;
CREATE TRIGGER people_lookup_never_emptied BEFORE TRUNCATE ON people_lookup
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
