"""What is run: designs, samples, batches. May import execution, model and statistics."""
