# ModuleNotFoundError: No module named 'no_such_module_at_all' (import_error.py, line 3)

import no_such_module_at_all  # noqa: F401
