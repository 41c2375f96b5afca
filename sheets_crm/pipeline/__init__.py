"""The domain: columns, steps, states, imports, batches and metrics as pure functions over pandas DataFrames."""
