"""Two addresses for those who watch over the site: is it alive, and is it ready for readers?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Answer that the process takes requests, without asking the database."""
    return _say("alive")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer that readers can be served, or 503 and what is missing: the database, or migrations not yet applied."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _say("not ready: the database does not answer", status=503)
    if plan:
        return _say(f"not ready: {len(plan)} migrations of the database are not applied", status=503)
    return _say("ready")


def _say(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words + "\n", content_type="text/plain; charset=utf-8", status=status)
