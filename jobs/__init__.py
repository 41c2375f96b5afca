"""Scheduled jobs: one small file per job, and the worker that runs them one at a time."""
