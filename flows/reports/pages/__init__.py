"""What each page shows: questions asked, figures and sentences chosen. Each returns what its template needs."""
