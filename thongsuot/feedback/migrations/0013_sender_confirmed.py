"""When somebody made sure of the address of a sender: from then on they are told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0012_left_late")]
    operations = [migrations.AddField("reporter", "confirmed_at", models.DateTimeField(null=True))]
