"""The migrations of the store's schema, one file each, by Alembic. A file that was released never changes."""
