"""The night: lock, build in a work file, test, publish a whole version or nothing."""
