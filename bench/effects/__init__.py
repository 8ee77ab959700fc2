"""How right the estimator is, and how fast: worlds, nulls, peers."""
