"""A true local Google Sheets server: it knows nothing of the rest of the project, and speaks HTTP."""
