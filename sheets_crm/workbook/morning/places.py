"""Where each part of the first screen stands; rows and columns from 0."""

from __future__ import annotations

from typing import Final

WIDTH: Final = 14
"""Visible columns, all of one width; the full list uses the first of them too."""
PIXELS: Final = 97
ROWS: Final = 37
"""Rows of the first screen; the full list begins below."""
GREETING: Final = 0
STATE_COLUMN: Final = 5
"""From here on the first row says how the system is."""
TODAY: Final = 1
LINES: Final = 2
"""First row of what there is to do."""
MOST_LINES: Final = 6
SENTENCE_COLUMN, LINK_COLUMN = 1, 12
CARDS: Final = 9
CARD_WIDTH: Final = 2
CARD_ROWS: Final = 4
"""Name, value, ratio with its denominator, change."""
FUNNEL: Final = 14
FUNNEL_BAR: Final = 4
FUNNEL_WAITING: Final = 7
STAGES: Final = 8
SIDE_COLUMN: Final = 9
"""Right of the funnel: feed and health."""
SIDE_VALUE, SIDE_WORD = 11, 12
TREND: Final = 24
TREND_COLUMN: Final = 2
WEEKS: Final = 12
SPACERS: Final = (8, 13, 23, 36)
"""Low rows between the parts."""
HELPER_COLUMN: Final = 23
"""Hidden columns begin here: candidates for the lines of the day, and counts of the last weeks.

The columns between hold nothing of ours; workbooks in use had their tables by version there, above cells of operators.
"""
SORTED_COLUMN: Final = HELPER_COLUMN + 5
WEEKS_COLUMN: Final = HELPER_COLUMN + 10
END_COLUMN: Final = WEEKS_COLUMN + WEEKS + 2
