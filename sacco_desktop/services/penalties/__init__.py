"""Penalties and fines as they stand in the books: rules, charges, payments, waivers, exemptions and meetings."""
