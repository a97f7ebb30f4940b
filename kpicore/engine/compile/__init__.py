"""Definitions made ready to be asked: parsed, checked, and what they read and need."""
