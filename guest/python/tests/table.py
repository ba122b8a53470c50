"""All tests that CPython and the component have in common; with an argument, the program of that name (programs.py)."""

import sys

import lib
import programs

import endpoints  # noqa: F401
import sockets  # noqa: F401

if __name__ == "__main__":
    if len(sys.argv) > 1:
        programs.run(sys.argv[1])
    else:
        lib.run()
