"""What the open networks share: how they are asked, and what a post of theirs carries beyond its own fields."""
