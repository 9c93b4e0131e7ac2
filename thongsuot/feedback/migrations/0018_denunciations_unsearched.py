"""What is kept close at citizen reception is searched by nobody here: that of before too. Begun anew, it changes nothing twice."""

from django.db import migrations

_TELLS = "e.about_subject = 'feedback.feedbackticket' AND e.about_id = t.id"
_EMPTY = f"""UPDATE feedback_feedbackticket t SET search_key = '' WHERE t.state = 'handed_over' AND t.search_key <> '' AND (
  EXISTS (SELECT 1 FROM citizen_reception_receptionentry e WHERE {_TELLS} AND e.kind = 'denunciation')
  OR EXISTS (SELECT 1 FROM citizen_reception_receptionentry e
    WHERE t.made_from = 'reception:' || e.id AND e.kind = 'denunciation')
  OR t.suspected = 'denunciation' AND t.made_from NOT LIKE 'reception:%'
    AND NOT EXISTS (SELECT 1 FROM citizen_reception_receptionentry e WHERE {_TELLS}))"""  # noqa: S608 - constants


class Migration(migrations.Migration):
    dependencies = [("feedback", "0017_held_too"), ("citizen_reception", "0001_first_release")]
    operations = [migrations.RunSQL(_EMPTY, migrations.RunSQL.noop)]
