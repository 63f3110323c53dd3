"""What a scenario file may say, and the frozen `Scenario` that loading makes of it.

Comes in: blocks of costs, curves and quantities. Nothing is computed here.
"""
