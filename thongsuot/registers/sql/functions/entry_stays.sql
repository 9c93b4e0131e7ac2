-- An entry is never changed nor taken away: only its state moves, with an annotation. Its persons stay as written.
CREATE OR REPLACE FUNCTION registers_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_TABLE_NAME <> 'registers_entry'
     OR to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' OR to_jsonb(OLD) ->> 'state' = 'cancelled' THEN
    RAISE EXCEPTION 'row % of % stays as it was written', OLD.id, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

DO $$
DECLARE
  written text;
BEGIN
  FOREACH written IN ARRAY ARRAY['registers_entry', 'registers_entryperson', 'registers_annotation'] LOOP
    IF to_regclass(written) IS NOT NULL THEN
      EXECUTE format(
        'CREATE OR REPLACE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION registers_entry_stays()',
        written || '_stays', written
      );
    END IF;
  END LOOP;
END $$;
