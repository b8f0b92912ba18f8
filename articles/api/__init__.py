"""The open data: what is published, for programs (docs/api.md). Read only, without key, cookie or count of who asks."""
