"""When: the only room that knows Prefect, the clock and the environment, and that binds connectors to the warehouse."""
