"""The least that a list must tell of each row, in one place: the recognition, messages and guide quote it."""

from __future__ import annotations

from typing import Final

NAMES_OF_A_PERSON: Final = ("firstName", "lastName", "@full_name")
NAMES_OF_A_COMPANY: Final = ("companyName",)
CHANNELS: Final = ("email", "person_phone", "personLinkedinUrl", "personSalesUrl")
"""By one of these a row is reached, whoever it names."""
CHANNELS_OF_A_COMPANY: Final = ("phone", "website", "domain", "companyLinkedinUrl")
"""By one of these a company is reached too."""
MINIMUM: Final = (
    (NAMES_OF_A_PERSON + NAMES_OF_A_COMPANY, CHANNELS),
    (NAMES_OF_A_COMPANY, CHANNELS_OF_A_COMPANY),
)
"""A list is complete if it has, of one of these pairs, a column of the first and one of the second."""
TARGETS: Final = (
    *NAMES_OF_A_PERSON,
    "personTitle",
    *NAMES_OF_A_COMPANY,
    *CHANNELS,
    *CHANNELS_OF_A_COMPANY,
    "industry",
    "employeeCount",
    "personLocation",
    "country",
    "email_validation",
    "notes",
)
"""Everything that a column of a list may become."""
