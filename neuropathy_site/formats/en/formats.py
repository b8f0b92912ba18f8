"""Dates in the admin as on the pages for readers: 22 November 2026, and with their zone where a time is given."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j F Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j F Y, H:i T"
