"""What the book says of the made tables: rows, lineage, what was redefined."""
