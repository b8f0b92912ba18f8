"""What the sheet for a visit to the doctor shows (``prepare_database`` fills it by remaking the pages), the order of titles, and
which words of the glossary readers may see."""

from typing import Any

from django.db import migrations, models

from articles.text.alphabet import sort_key


def fill_sort_titles(apps: Any, schema_editor: Any) -> None:
    """Give each article the key of its title; a running older process leaves it as it is."""
    articles = apps.get_model("articles", "Article").objects.using(schema_editor.connection.alias)
    batch = []
    for article in articles.only("title").iterator(chunk_size=500):
        article.sort_title = sort_key(article.title)
        batch.append(article)
    articles.bulk_update(batch, ["sort_title"], batch_size=500)


def show_explained_words(apps: Any, schema_editor: Any) -> None:
    """Let readers see the words that published texts explain."""
    alias = schema_editor.connection.alias
    articles = apps.get_model("articles", "Article").objects.using(alias)
    published = articles.filter(publication__isnull=False, withdrawn_at__isnull=True)
    keys = set()
    for found in published.values_list("publication__rendering__term_keys", flat=True).iterator():
        keys.update(found or [])
    apps.get_model("articles", "GlossaryTerm").objects.using(alias).filter(key__in=keys).update(is_public=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_feedback")]
    operations = [
        migrations.AddField(
            model_name="rendering",
            name="visit_sheet",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="The fields of articles.text.visit_sheet.VisitSheet.",
                verbose_name="sheet for a visit to the doctor",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="sort_title",
            field=models.CharField(
                blank=True, db_default="", editable=False, max_length=120, verbose_name="title to sort by"
            ),
        ),
        migrations.AddField(
            model_name="glossaryterm",
            name="is_public",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="explained in a published text"
            ),
        ),
        migrations.RunPython(fill_sort_titles, migrations.RunPython.noop),
        migrations.RunPython(show_explained_words, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["sort_title"], name="article_sort_title"),
        ),
    ]
