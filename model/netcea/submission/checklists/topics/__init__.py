"""What the model knows, topic by topic: each a function of the evidence that answers items of any instrument."""
