"""Engines: where views and rules run."""
