"""Support in polls before and after an event: polls in, a change with its interval out."""
