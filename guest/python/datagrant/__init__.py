"""UDP for Python in WebAssembly components, by grant only.

`python -m datagrant build app.py -o app.wasm` makes a component of a program; in it `socket` and `asyncio` have the UDP that was
granted. `datagrant.socket` and `datagrant.asyncio` are the same under names of their own; they are there in components alone.
"""

from importlib.util import find_spec as _find_spec

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Natively these fail where they import the contract, which says little.
    if name in ("socket", "asyncio") and _find_spec("wit_world") is None:
        raise ImportError(f"datagrant.{name} is there in components alone: python -m datagrant build")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
