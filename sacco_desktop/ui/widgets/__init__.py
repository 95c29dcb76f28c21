"""Building blocks that two or more pages need. None of them knows a service or decides anything
about money."""
