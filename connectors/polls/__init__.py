"""Files of polls -> what each poll found of each candidate."""
