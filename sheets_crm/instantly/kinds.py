"""What the deliveries of Instantly are called in the intake; one with a single event is called by the event's type."""

from __future__ import annotations

from typing import Final

SOURCE: Final = "instantly"
"""Whose deliveries they are."""
SEVERAL: Final = "several"
"""A post with events of several types."""
LEADS: Final = "leads"
"""A page of the leads of a campaign, with the labels of the workspace's own that they have."""
MAILS: Final = "mails"
"""A page of received mails."""
LABELS: Final = "labels"
"""All labels of the workspace's own."""
