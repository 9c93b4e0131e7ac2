-- An entry is never changed nor taken away: its state moves, with an annotation, and who keeps it, with its book. Persons stay as
-- written; they are found by the keeper of their entry.
CREATE OR REPLACE FUNCTION registers_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR TG_TABLE_NAME = 'registers_annotation'
     OR (TG_TABLE_NAME = 'registers_entryperson' AND to_jsonb(NEW) - 'keeper_id' IS DISTINCT FROM to_jsonb(OLD) - 'keeper_id')
     OR (TG_TABLE_NAME = 'registers_entry'
         AND to_jsonb(NEW) - '{state,keeper_id}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{state,keeper_id}'::text[])
     OR (to_jsonb(OLD) ->> 'state' = 'cancelled' AND to_jsonb(NEW) ->> 'state' <> 'cancelled') THEN
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
