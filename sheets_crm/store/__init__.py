"""The store: what is too much for cells, in SQLite or PostgreSQL.

SQLAlchemy is imported by `schema`, `opening` and the modules of the tables only. `access` imports them when the store
is used for the first time, so that a command that needs no store, and the worker's first poll, do not wait for it.
"""
