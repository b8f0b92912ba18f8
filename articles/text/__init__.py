"""Text in, values or safe HTML out: no database, no request, no settings."""
