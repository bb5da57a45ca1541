"""What providers call: find the adapter by name, keep the raw call, enqueue, answer 200. Decides nothing."""
