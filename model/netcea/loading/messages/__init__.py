"""What is said of faulty entries: the errors of pydantic in the words of a health economist."""
