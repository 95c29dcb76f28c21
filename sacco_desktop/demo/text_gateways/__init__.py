"""Simulated gateways of messages: Africa's Talking and Twilio over real HTTP, and a mail server."""
