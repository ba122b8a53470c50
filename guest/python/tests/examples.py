"""The examples in one component, since each takes seconds to make and to compile. `examples.py NAME ARGUMENTS`"""

import runpy
import sys


def is_imported_by():
    import coap_server, dns_server, echo_client, echo_server, names  # noqa: E401, F401 - what runpy is to find


def deeper():
    raise RuntimeError("the reason that it gives")


if __name__ == "__main__":
    name = sys.argv.pop(1)
    deeper() if name == "throw" else runpy.run_module(name, run_name="__main__", alter_sys=True)
