"""The life of a loan: application, rules, appraisal, repayment, payoff, top-up, new agreement, write-off, recovery."""
