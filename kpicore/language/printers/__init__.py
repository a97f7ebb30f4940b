"""The trees of the two languages as SQL, Python, spreadsheet formulas and JavaScript."""
