"""What stands in the books that a society kept before: how figures, dates and headings of a workbook are read."""
