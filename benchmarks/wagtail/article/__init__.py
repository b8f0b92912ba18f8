"""The app that the benchmark adds to what ``wagtail start`` makes."""
