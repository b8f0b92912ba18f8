"""How often Python looks for garbage while an import runs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (50_000, 20, 50)
"""Python's own are (700, 10, 10): it then looks through all that an import holds for hundreds of times, and finds little."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage seldom, and not in what was there before; afterwards as often as before.

    An import makes very many objects that stay until they are stored. What is dropped is freed at once, as always; only rings of
    objects wait, such as the trees of the parsers, of which this lets a few megabytes gather.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
