-- A published version is never changed nor taken away: dossiers are judged by it. Only its end may be set.
CREATE OR REPLACE FUNCTION procedures_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'valid_to' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to' THEN
    RAISE EXCEPTION 'version % of procedure % is published and stays as it is', OLD.number, OLD.procedure_id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

DO $$
BEGIN
  IF to_regclass('procedures_procedureversion') IS NOT NULL THEN
    CREATE OR REPLACE TRIGGER procedures_version_stays BEFORE UPDATE OR DELETE ON procedures_procedureversion
      FOR EACH ROW EXECUTE FUNCTION procedures_version_stays();
  END IF;
END $$;
