"""Links inside the site are kept as rows, those of the texts that readers see now included."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from articles.text.front_matter import split_front_matter
from articles.text.links import find_inside_links


def store_links(apps: Any, schema_editor: Any) -> None:
    """Find the links of what readers see, and which of them lead nowhere."""
    alias = schema_editor.connection.alias
    article, link, section, former = (apps.get_model("articles", name) for name in ("Article", "InsideLink", "Section", "FormerSlug"))
    shown = article.objects.using(alias).filter(publication__isnull=False)
    public = {
        (row.language, row.kind, row.slug): row.publication_id
        for row in shown.filter(withdrawn_at__isnull=True).only("language", "kind", "slug", "publication")
    }
    for old in former.objects.using(alias).select_related("article").filter(article__in=shown, article__withdrawn_at__isnull=True):
        public.setdefault((old.language, old.article.kind, old.slug), old.article.publication_id)
    sections = section.objects.using(alias).filter(publication__in=shown.values("publication"))
    there = set(sections.values_list("publication", "section_id").iterator())
    sources = shown.values_list("pk", "language", "published_revision__source")
    for pk, language, source in sources.iterator(chunk_size=100):
        split, _problems = split_front_matter(source or "")
        found = find_inside_links(split.body) if split else ()
        rows = []
        for kind, slug, name in sorted({(one.kind, one.slug, one.section) for one in found if one.kind in ("article", "page")}):
            target = public.get((language, kind, slug))
            is_dead = target is None or (name != "" and (target, name) not in there)
            rows.append(link(article_id=pk, kind=kind, slug=slug[:100], section=name[:80], is_dead=is_dead))
        link.objects.using(alias).bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_acts_at_the_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='InsideLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('article', 'article'), ('page', 'page about the site')], max_length=10, verbose_name='kind')),
                ('slug', models.CharField(max_length=100, verbose_name='address')),
                ('section', models.CharField(blank=True, max_length=80, verbose_name='section')),
                ('is_dead', models.BooleanField(db_default=False, default=False, verbose_name='leads nowhere')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inside_links', to='articles.article', verbose_name='article')),
            ],
            options={
                'verbose_name': 'link inside the site',
                'verbose_name_plural': 'links inside the site',
                'indexes': [models.Index(fields=['slug'], name='inside_link_target'), models.Index(condition=models.Q(('is_dead', True)), fields=['article'], name='inside_link_dead')],
            },
        ),
        migrations.RunPython(store_links, migrations.RunPython.noop),
    ]
