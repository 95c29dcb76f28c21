"""One page on which a person sees the simulated Safaricom's books and makes things go wrong."""
