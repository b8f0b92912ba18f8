"""What readers said of pages: everyone in the groups may read it, Editors and Publishers may mark and delete it."""

from typing import Any

import django.db.models.deletion
from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

RIGHTS = {
    "Editors": ["view_feedback", "change_feedback", "delete_feedback"],
    "Reviewers": ["view_feedback"],
    "Publishers": ["view_feedback", "change_feedback", "delete_feedback"],
}


def give_rights(apps: Any, schema_editor: Any) -> None:
    """Add the new rights to the groups; permissions are otherwise made only after the last migration."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(content_type__app_label="articles")
    for name, codenames in RIGHTS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_search")]
    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_helpful", models.BooleanField(verbose_name="did it help?")),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("received_on", models.DateField(verbose_name="day")),
                ("is_read", models.BooleanField(default=False, verbose_name="read")),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="articles.publication",
                        verbose_name="copy",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to “Did this page help?”",
                "verbose_name_plural": "answers to “Did this page help?”",
                "ordering": ["is_read", "-received_on", "-pk"],
                "indexes": [models.Index(fields=["received_on"], name="feedback_day")],
            },
        ),
        migrations.CreateModel(
            name="FeedbackDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                ("salt", models.BinaryField(verbose_name="random key")),
            ],
            options={"verbose_name": "day of feedback", "verbose_name_plural": "days of feedback"},
        ),
        migrations.CreateModel(
            name="FeedbackCount",
            fields=[
                (
                    "key",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="code"),
                ),
                ("sent", models.PositiveIntegerField(default=0, verbose_name="how often")),
                (
                    "day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="articles.feedbackday",
                        verbose_name="day",
                    ),
                ),
            ],
            options={"verbose_name": "count of feedback", "verbose_name_plural": "counts of feedback"},
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
