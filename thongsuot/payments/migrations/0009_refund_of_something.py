"""A refund is of a payment or of a movement; those that are there are looked at by the next."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

OF_SOMETHING = Q(payment__isnull=False, statement_line=None) | Q(line=None, payment=None, statement_line__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_outflows")]
    operations = [AddConstraintNotValid("refund", models.CheckConstraint(condition=OF_SOMETHING, name="refund_of_something"))]
