"""A folder on disk becomes a campaign, or every fault with its line."""
