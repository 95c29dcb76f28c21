"""A town without sockets, threads or waiting: the same program, relay and Safaricom, hundreds of histories a minute."""
