"""Members from the application to the notice of leaving: their files, papers, nominees, status, lateness."""
