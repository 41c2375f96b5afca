"""``python -m jobs`` is ``sheets-crm run``."""

from __future__ import annotations

import sys

from sheets_crm.cli import main

if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
