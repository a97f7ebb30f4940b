"""Plugins found, asked and checked: what they give, and what is wrong with it."""
