raise ValueError("import says no")
