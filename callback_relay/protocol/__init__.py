"""The contract between relay and desktop: messages, box, chain, cursor and signatures. It does no
I/O."""
