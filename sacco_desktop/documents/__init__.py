"""Papers: frozen data in, PDF bytes out, and pictures of PDF pages.

Nothing here reads the books, the network or a clock.
"""
