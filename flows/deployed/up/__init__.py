"""`afterdebate up`: the server behind its door, the worker that starts runs, and what ends them together."""
