"""Where one labels: a queue of questions, and the words that answer them."""
