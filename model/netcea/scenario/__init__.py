"""What a scenario file may say, and the frozen `Scenario` that loading makes of it."""
