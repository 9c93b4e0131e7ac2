import unicodedata

from django.db import migrations, models


def fill(apps, schema_editor):
    """Books of entries that write their place otherwise than the gazetteer."""
    books, entries = apps.get_model("registers", "Book"), apps.get_model("registers", "Entry")
    ways = entries.objects.exclude(place_written="").values_list("book_id", "place_written").distinct().order_by("book_id")
    keys = {}
    for book_id, written in ways.iterator(chunk_size=5_000):
        keys.setdefault(book_id, {})[key_of(written)] = True
    for book in books.objects.filter(pk__in=keys).iterator():
        book.written_key = "".join(f" {key} /" for key in keys[book.pk] if key and key != book.place_key)[:10_000]
        book.save(update_fields=["written_key"])


def key_of(text):
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    plain = "".join(ch if ch.isalnum() else " " for ch in plain if not unicodedata.combining(ch))
    return " ".join(plain.split())


class Migration(migrations.Migration):

    dependencies = [("registers", "0001_registers")]

    operations = [
        migrations.AddField(
            model_name="book",
            name="written_key",
            field=models.TextField(
                blank=True,
                default="",
                help_text="search_keys of places as its entries write them, where they differ: finds them too",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="place_written",
            field=models.CharField(
                blank=True,
                help_text="as the imported row says it, letter by letter; of a new entry its name that day",
                max_length=300,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
