"""Reads from the books what stands behind a figure; the rules themselves are in `domain/explanations`."""
