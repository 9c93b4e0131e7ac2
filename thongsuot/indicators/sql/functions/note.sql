-- indicators_note: whatever is recorded of a dossier makes its fact to be made anew; in the same transaction, so none is missed.
-- A bulk load may switch it off (ALTER TABLE kernel_event DISABLE TRIGGER indicators_noted) and count all anew afterwards.
CREATE OR REPLACE FUNCTION indicators_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO indicators_noted (dossier_id) VALUES (NEW.subject_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER indicators_noted AFTER INSERT ON kernel_event
  FOR EACH ROW WHEN (NEW.subject = 'dossiers.dossier') EXECUTE FUNCTION indicators_note();

-- What is no event of the dossier's own history but makes a fact of it: the portal knows it, its result lies in a store.
CREATE OR REPLACE FUNCTION indicators_note_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO indicators_noted (dossier_id) VALUES (NEW.dossier_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER indicators_noted_told AFTER INSERT OR UPDATE OF known_since ON national_portal_lane
  FOR EACH ROW WHEN (NEW.known_since IS NOT NULL) EXECUTE FUNCTION indicators_note_of();

CREATE OR REPLACE TRIGGER indicators_noted_untold AFTER UPDATE OF known_since ON national_portal_lane
  FOR EACH ROW WHEN (OLD.known_since IS NOT NULL AND NEW.known_since IS NULL) EXECUTE FUNCTION indicators_note_of();

CREATE OR REPLACE TRIGGER indicators_noted_kept AFTER INSERT ON personal_store_storedpaper
  FOR EACH ROW WHEN (NEW.dossier_id IS NOT NULL) EXECUTE FUNCTION indicators_note_of();

-- A ticket speaks of the dossier, or does so no more: what it is about was corrected or confirmed, it was refused.
CREATE OR REPLACE FUNCTION indicators_note_about() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO indicators_noted (dossier_id) VALUES (NEW.about_dossier_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER indicators_noted_about AFTER INSERT OR UPDATE OF about_dossier_id, dossier_confirmed, stream, state
  ON feedback_feedbackticket FOR EACH ROW WHEN (NEW.about_dossier_id IS NOT NULL) EXECUTE FUNCTION indicators_note_about();

CREATE OR REPLACE FUNCTION indicators_note_about_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO indicators_noted (dossier_id) VALUES (OLD.about_dossier_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER indicators_noted_about_no_more AFTER UPDATE OF about_dossier_id ON feedback_feedbackticket
  FOR EACH ROW WHEN (OLD.about_dossier_id IS DISTINCT FROM NEW.about_dossier_id AND OLD.about_dossier_id IS NOT NULL)
  EXECUTE FUNCTION indicators_note_about_no_more();
