"""Formulas: their text in each locale, their references, and what they come to."""
