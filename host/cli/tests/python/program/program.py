"""What componentize-py needs around a program: the command that calls its `main`."""

# A component has the modules that were loaded when it was made; getaddrinfo loads this one when it is called.
import encodings.idna
import sys

import udp
from wit_world import exports


class Run(exports.Run):
    def run(self):
        try:
            udp.main()
        except OSError as error:
            print(f"{type(error).__name__}: {error.strerror}", file=sys.stderr)
            sys.exit(1)
