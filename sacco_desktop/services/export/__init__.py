"""Everything that stands in the books, in open forms."""
