"""Scheduled jobs: one small file per job, and the worker that runs each in its thread."""
