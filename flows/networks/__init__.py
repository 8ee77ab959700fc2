"""What the collectors of networks share: spans, attempts, patience, what is held and what must go."""
