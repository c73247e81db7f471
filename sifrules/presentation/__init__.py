"""What people see: tables and answers. May import loading, policy, rules and values."""
