"""The files of the outside tools: tables read from CSV and XLSX as they are, and CSV written for them."""

from sheets_crm.files.csv_out import safe_name, write_csv
from sheets_crm.files.tables import Table, read_table

__all__ = ["Table", "read_table", "safe_name", "write_csv"]
