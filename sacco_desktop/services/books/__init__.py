"""The journal and what every act stands on: the unit of work, entries and balances, numbers, the audit trail."""
