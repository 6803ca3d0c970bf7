"""The conversation framework: knows no capability and no domain noun."""
