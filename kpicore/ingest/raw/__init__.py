"""Rows of sources merged into the raw tables, with those that could not be taken."""
