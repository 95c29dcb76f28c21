"""What is charged for what is late or missed: rules, facts, and the charges that follow from them; pure arithmetic."""
