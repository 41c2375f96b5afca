"""Two-way tables: operators type and edit rows, the worker adds rows, and each sees what the other did.

All of it is pure. `columns` says what a declared table has, `join` gives the formulas that show edited rows, `seen`
the text by which a row is compared, `typed` turns cells into values, `edits` turns rows into edits, `debounce` lets
half-typed rows wait, and `writes` gives the cells that are written beside an edit's effect. See
``docs/two-way-tables.md``.
"""
