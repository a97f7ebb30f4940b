"""How a run brings the tables of spreadsheets up to date: read once, one batch, look at what came of it."""
