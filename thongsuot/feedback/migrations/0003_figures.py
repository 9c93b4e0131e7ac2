"""What later ratings do to figures, who worked on a leg, a history set aside, a dossier that an operator read of."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0002_steps_and_lateness'),
    ]

    operations = [
        migrations.AddField(
            model_name='feedbackday',
            name='marked',
            field=models.IntegerField(db_default=0, help_text='disliked or opened again after the day it was closed in time'),
        ),
        migrations.AddField(
            model_name='feedbackday',
            name='moved_late',
            field=models.IntegerField(db_default=0, help_text='late by item 5.2 when it went away'),
        ),
        migrations.AddField(
            model_name='feedbacknoted',
            name='broken_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='feedbackticket',
            name='dossier_confirmed',
            field=models.BooleanField(db_default=False, default=False, help_text='an operator read that it speaks of that dossier'),
        ),
        migrations.AddField(
            model_name='ticketleg',
            name='handler_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='ticketleg',
            name='marked_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='feedbackday',
            name='closed',
            field=models.IntegerField(help_text='where it was; not what went away late'),
        ),
        migrations.AlterField(
            model_name='feedbackday',
            name='closed_well',
            field=models.IntegerField(help_text='in time; by that day not disliked, not opened again'),
        ),
    ]
