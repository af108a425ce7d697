"""Engines: ways of running untrusted code so that it can do no harm and learn nothing."""
