"""Questions made ready for any members: what is the same for all of them is worked out once."""
