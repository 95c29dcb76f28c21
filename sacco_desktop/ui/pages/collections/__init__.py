"""The page Collections: payments without owner, prompts on phones, and everything that came in by M-Pesa."""
