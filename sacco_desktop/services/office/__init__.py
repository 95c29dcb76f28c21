"""The society and its office: dated settings, the people who sign in, approval levels and limits, who may decide."""
