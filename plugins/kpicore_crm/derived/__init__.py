"""Tables that no source gives: the stages that deals passed, and when customers were active."""
