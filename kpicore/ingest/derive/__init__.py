"""The made tables: each entity's rows, filled, named, laid out to be read fast."""
