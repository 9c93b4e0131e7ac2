"""One answer a day. Where two stood, the earlier one ends where the later one began: what is told from now on is what was approved last.

An exclusion constraint cannot be added unchecked and proved later. The table holds a city's answers, some thousands: milliseconds.
"""

import django.contrib.postgres.constraints
from django.db import migrations, models
from django.db.models import F, Func, Q, Value

ENDED = """
UPDATE knowledge_articleversion v SET valid_to = later.day
FROM (
    SELECT one.id, min(other.valid_from) AS day
    FROM knowledge_articleversion one JOIN knowledge_articleversion other ON other.article_id = one.article_id
    WHERE one.state = 'approved' AND other.state = 'approved' AND other.valid_to IS DISTINCT FROM other.valid_from
          AND (other.valid_from, other.number) > (one.valid_from, one.number)
    GROUP BY one.id
) later
WHERE v.id = later.id AND (v.valid_to IS NULL OR v.valid_to > later.day)
"""
ONCE = """
ALTER TABLE knowledge_articleversion ADD CONSTRAINT article_version_one_at_a_time
EXCLUDE USING gist (int8range(article_id, article_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&)
WHERE (state = 'approved') DEFERRABLE INITIALLY DEFERRED
"""
DROP = "ALTER TABLE knowledge_articleversion DROP CONSTRAINT article_version_one_at_a_time"


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_answers")]
    operations = [
        migrations.RunSQL([ENDED, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ONCE, DROP)],
            state_operations=[
                migrations.AddConstraint(
                    "articleversion",
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        name="article_version_one_at_a_time",
                        expressions=[
                            (Func(F("article_id"), F("article_id"), Value("[]"), function="int8range"), "&&"),
                            (Func(F("valid_from"), F("valid_to"), function="daterange"), "&&"),
                        ],
                        condition=Q(state="approved"),
                        deferrable=models.Deferrable.DEFERRED,
                    ),
                ),
            ],
        ),
    ]
