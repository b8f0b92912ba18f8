"""What ``make bench`` is made of (``benchmarks/run.py`` puts it together).

- ``figures``: the limits, and one table of what was measured; ``answers``: whether two servers say the same. Both pure.
- ``servers``: starting a server on a core of its own, loading it with wrk, taking the CPU time of all its processes.
- ``sites``: our site and those beside it that it is measured against.
- ``cached``, ``proxied``, ``peers``, ``storm``, ``worker``, ``programs``: the parts, each a function that gives figures.
"""
