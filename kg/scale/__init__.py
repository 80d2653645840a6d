"""One build on many machines: exact steps from files to files, each done once."""
