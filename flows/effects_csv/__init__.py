"""The estimator on anyone's CSV."""
