"""The metrics of the first versions, by which those of later ones are told apart (`sheets_crm.workbook.migrations`)."""

from __future__ import annotations

from typing import Final

FIRST_METRICS: Final = frozenset(
    (
        "leads_total",
        "verification_available",
        "verification_sent",
        "verification_verified",
        "verification_ratio",
        "verified_with_company_url",
        "verified_with_company_url_ratio",
        "leads_with_company_url",
        "leads_with_company_url_ratio",
        "company_scrap_available",
        "company_scrap_sent",
        "company_scrap_completed",
        "company_scrap_ratio",
        "box1_available",
        "box1_sent",
        "box1_drop",
        "box1_drop_ratio",
        "box1_fit_ratio",
        "box1_storage",
        "box1_storage_ratio",
        "box1_hit_ratio",
        "instantly_ready",
        "instantly_sent",
        "instantly_reply_ratio",
        "instantly_positive_ratio",
        "instantly_conversion_ratio",
        "estimate_total",
        "estimate_verified",
        "estimate_company_scrap",
        "estimate_hit",
        "estimate_positive",
        "estimate_converted",
        "feed_days",
        "feed_until",
        "feed_days_with_pipeline",
        "next_export_by",
        "conservation_ok",
        "last_run_at",
        "cells_used_ratio",
    )
)
"""The metrics that History has had from the first version on. This set never changes, nor do their ids."""
