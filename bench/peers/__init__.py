"""The floor and the peers: the same conversation on the same listings, each as its own tools would have it."""
