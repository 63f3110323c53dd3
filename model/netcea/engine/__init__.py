"""The model: `simulate` turns rows of parameters into life years, QALYs and costs."""
