"""M-Pesa's Daraja interface: one call is one request and one frozen answer.

What callbacks say is read by pure functions.
Nothing here touches the database or decides what a payment's state becomes.
"""
