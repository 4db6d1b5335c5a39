"""The service as a process: settings, the embedded database, the command, the worker."""
