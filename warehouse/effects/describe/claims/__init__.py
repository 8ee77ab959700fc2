"""Claims: each judge's rule, and the sentence that can be printed."""
