"""A question to X within its budget, until its answer has landed."""
