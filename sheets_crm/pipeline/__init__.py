"""The domain: columns, steps, states, drops, batches and metrics as pure functions over pandas DataFrames."""
