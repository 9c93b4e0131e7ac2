"""No list was ever read by it."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("hotline", "0003_recordings_of_legs")]
    operations = [RemoveIndexConcurrently(model_name="callnotice", name="call_notice_came")]
