"""Money in by M-Pesa: payments to the paybill, prompts on phones, and what each payment is for."""
