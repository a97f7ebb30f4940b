"""Definitions held against each other and against the data, before anybody trusts their numbers."""
