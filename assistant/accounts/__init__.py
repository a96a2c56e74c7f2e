"""Who may come in: accounts, open sessions, login attempts, and the policy that says who may do what."""
