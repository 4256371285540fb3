"""The ledger, in parts: its logs, the account of them, what is taken from it, and the screen itself."""
