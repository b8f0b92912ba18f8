"""Work that one process at a time does, on however many hosts. The database's clock counts, so hosts need not agree on theirs."""

import os
import secrets
import socket
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from articles.models import Lease


def name_holder() -> str:
    """Give this process a name that no other has, on any host and after any restart."""
    return f"{socket.gethostname()[:100]} {os.getpid()} {secrets.token_hex(8)}"


def hold(name: str, holder: str, *, lasts: timedelta) -> bool:
    """Take a kind of work that is free or run out, or keep what ``holder`` has; gives whether it is the holder's from now on."""
    values = {"holder": holder, "until": Now() + lasts}
    if Lease.objects.filter(Q(holder=holder) | Q(until__lte=Now()), name=name).update(**values):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, **values)
    except IntegrityError:  # another was first
        return False
    return True


def give_back(name: str, holder: str) -> None:
    """Let others have a kind of work at once. Nothing happens to what is another's by now."""
    Lease.objects.filter(name=name, holder=holder).delete()
