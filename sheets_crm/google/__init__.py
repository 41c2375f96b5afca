"""The only package that calls Google: gspread over HTTP, accounts, quota, failures and the guarded write."""
