"""What runs in the child process: the application's handlers, on stores by moto, with dangerous calls recorded.

Nothing here is imported by the kit's own process; `start.py` is run by `sls_lab.replay.process`. A recorder that lives
in the interpreter it records is not a sandbox: code that is written against it gets around it. For code that you do not
trust, a container is the right place.
"""
