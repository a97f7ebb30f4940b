"""The engine: questions in, answers out, few statements between."""
