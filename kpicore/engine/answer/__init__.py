"""From cubes to answers: looked up, added, put into formulas."""
