"""The demo: a workbook on the emulator, and a story that takes sample leads through every step.

The story only does what people can do in the spreadsheet (`operator`) and lets the worker answer (`story`); what it
keeps between two starts stands in one folder (`folder`).
"""

from sheets_crm.demo.folder import Folder
from sheets_crm.demo.operator import Operator
from sheets_crm.demo.story import Story

__all__ = ["Folder", "Operator", "Story"]
