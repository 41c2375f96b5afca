"""The only room that speaks to Google: gspread over HTTP, its accounts, quota, failures and the guarded write."""
