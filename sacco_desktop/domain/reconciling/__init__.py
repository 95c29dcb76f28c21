"""Rules by which a statement of M-Pesa or of the bank is read, proven and laid beside the books."""
