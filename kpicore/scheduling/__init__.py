"""When what is done again and again is done: schedules, a loop that waits, one at a time, stopped by a signal."""
