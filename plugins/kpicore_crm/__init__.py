"""What sales is about: its entities, its dimensions, its settings."""
