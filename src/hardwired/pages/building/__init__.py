"""What decides what is built again, and the jobs around a build."""
