"""The demo: a workbook on the emulator, and a story that takes sample leads through every step.

`operator` does only what people can do in the spreadsheet, `story` lets the worker respond, and `folder` holds what a
demo keeps between two starts.
"""

from sheets_crm.demo.folder import Folder
from sheets_crm.demo.operator import Operator
from sheets_crm.demo.story import Story

__all__ = ["Folder", "Operator", "Story"]
