"""The tabs of the workbook: declarations, layouts, formulas, requests, and the values that are read from them."""
