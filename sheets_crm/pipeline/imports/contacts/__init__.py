"""Contact lists: what the columns of an ordinary one mean, and its rows as leads.

A list that people have (an export, a directory, a hand-made sheet) names its columns in any language and order. Its
headers are taken apart into known words (`header_words`, `passing_words`, `reading`), these give each column one kind
(`kinds`), the list as a whole is one of people or of companies (`nature`), and each column asks for a target
(`claims`). Cells decide only what headers leave open: under none (`headless`), and under one that nobody knows
(`unread`, `plain_cells`). `decide` puts it together, `list_head` finds the header, `minimum` says what a list needs
at least, and by `rows` each person or company becomes one lead.
"""
