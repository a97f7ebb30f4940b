# Odd (import_error_that_raises.py, line 9)


class Odd(Exception):
    def __str__(self):
        raise self


raise Odd
