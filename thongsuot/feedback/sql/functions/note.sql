-- feedback_note: whatever is recorded of a ticket makes its legs to be made anew; in the same transaction, so none is missed.
CREATE OR REPLACE FUNCTION feedback_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO feedback_feedbacknoted (ticket_id) VALUES (NEW.subject_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER feedback_noted AFTER INSERT ON kernel_event
  FOR EACH ROW WHEN (NEW.subject = 'feedback.feedbackticket') EXECUTE FUNCTION feedback_note();
