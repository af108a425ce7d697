"""What can be asked of any model: its targets, steady states, thresholds and branches."""
