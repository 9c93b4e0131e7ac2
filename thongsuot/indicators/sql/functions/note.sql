-- indicators_note: whatever is recorded of a dossier makes its fact to be made anew; in the same transaction, so none is missed.
-- A bulk load may switch it off (ALTER TABLE kernel_event DISABLE TRIGGER indicators_noted) and count all anew afterwards.
CREATE OR REPLACE FUNCTION indicators_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO indicators_noted (dossier_id) VALUES (NEW.subject_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER indicators_noted AFTER INSERT ON kernel_event
  FOR EACH ROW WHEN (NEW.subject = 'dossiers.dossier') EXECUTE FUNCTION indicators_note();
