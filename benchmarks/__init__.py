"""What runs cost: `python -m benchmarks`."""
