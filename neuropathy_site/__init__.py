"""The site: settings, mount points and entry. What it is about lives in ``articles``."""
