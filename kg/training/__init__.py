"""What trains the learned components (`make model`). Nothing that reads, answers or shows a graph imports it."""
