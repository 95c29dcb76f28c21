"""Money out as it leaves by M-Pesa: batches, attempts, news, questions, doubts, and what people decide about them."""
