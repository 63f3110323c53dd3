"""Results by method of adjusting overall survival for treatment switching."""
