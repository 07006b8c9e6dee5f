"""Training runs: the plan, the stages of the child process, and the outcome."""
