"""Readers' pages. They read what is published and nothing else, set no cookie and need no script."""
