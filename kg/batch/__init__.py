"""Many documents: processes that read them and can be killed, and the ledger of what they found."""
