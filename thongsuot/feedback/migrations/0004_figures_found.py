"""Nobody who writes meanwhile waits."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('feedback', '0003_figures'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='feedbackticket',
            index=models.Index(condition=models.Q(('drill', True)), fields=['city', '-reported_at'], name='feedback_drills'),
        ),
        AddIndexConcurrently(
            model_name='ticketleg',
            index=models.Index(condition=models.Q(('handler_id__isnull', False)), fields=['handler_id'], name='feedback_leg_handler'),
        ),
    ]
