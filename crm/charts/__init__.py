"""Charts as drawings in the page: plain numbers in, places and lengths out; templates/charts/ draws them.

No chart stands alone: its table, its definition and its files are beside it, and no colour says what nothing else says.
"""
