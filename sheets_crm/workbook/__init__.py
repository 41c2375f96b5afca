"""What each tab looks like and what is in it: declarations, layouts, formulas and what was read of them."""
