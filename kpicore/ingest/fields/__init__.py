"""What each field of an entity is filled from, as one SELECT."""
