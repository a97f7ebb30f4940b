"""How Google is reached: the client, who logs in, when a request is tried again, and what a refusal means."""
