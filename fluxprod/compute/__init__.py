"""Where a run happens: settings, checks of the machine, and stopping on a signal."""
