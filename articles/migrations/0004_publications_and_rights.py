"""Each published article points at its newest publication; reviewers may rate, publishers may withhold and pin."""

from typing import Any

from django.apps import apps as current_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

RIGHTS = {
    "Editors": ["view_review", "view_rating", "view_notice"],
    "Reviewers": ["view_review", "view_rating", "add_rating", "view_notice"],
    "Publishers": ["view_review", "view_rating", "view_notice", "change_publication"],
}


def point_at_publications(apps: Any, schema_editor: Any) -> None:
    """Let each published article point at its newest publication."""
    alias = schema_editor.connection.alias
    newest = apps.get_model("articles", "Publication").objects.using(alias).filter(article=models.OuterRef("pk"))
    articles = apps.get_model("articles", "Article").objects.using(alias).filter(published_revision__isnull=False)
    articles.update(publication=models.Subquery(newest.order_by("-number").values("pk")[:1]))


def give_rights(apps: Any, schema_editor: Any) -> None:
    """Add the new rights to the groups; permissions are otherwise made only after the last migration."""
    alias = schema_editor.connection.alias
    create_permissions(current_apps.get_app_config("articles"), verbosity=0, using=alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(content_type__app_label="articles")
    for name, codenames in RIGHTS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_evidence")]
    operations = [
        migrations.RunPython(point_at_publications, migrations.RunPython.noop),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
