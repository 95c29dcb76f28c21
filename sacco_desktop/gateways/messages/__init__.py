"""Who carries messages: Africa's Talking, Twilio and a mail server. One call, one message, one frozen answer."""
