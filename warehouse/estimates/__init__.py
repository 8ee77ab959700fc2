"""From panels to rows of metrics."""
