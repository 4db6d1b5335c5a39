"""The inner loops, compiled by Numba when first used and kept on disk.

Every kernel releases the interpreter lock and runs on one thread: callers give each thread its
own share. None keeps state, so any number of threads may call any of them at once.
"""
