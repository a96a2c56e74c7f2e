"""What stands between the network and the engine: limits, metrics, health, logs, the lock on the folder."""
