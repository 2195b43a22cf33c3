"""What is allowed, and when: pure functions over the model. Time is always an argument."""
