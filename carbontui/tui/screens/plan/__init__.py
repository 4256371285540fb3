"""Plan, in parts: the job as a form, and the advice on it."""
