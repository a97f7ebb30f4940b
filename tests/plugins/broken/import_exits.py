# it calls sys.exit() (import_exits.py, line 5)

import sys

sys.exit(3)
