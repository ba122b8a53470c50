"""`python -m datagrant`: makes a component of a Python program."""

import argparse
import sys

from .build import BuildError, build


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="datagrant-py",
        description="Makes components of Python programs, with the UDP that they are granted when they run.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser(
        "build",
        help="make a component of a program",
        description="Makes a component of APP, a Python file, with the modules beside it and the installed packages that it imports. "
        "socket and asyncio have the UDP of the contract datagrant:dgram; run the component with `datagrant run`, and a service "
        "with `datagrant serve`.",
    )
    command.add_argument("app", metavar="APP", help="the program")
    command.add_argument("-o", "--output", metavar="FILE.wasm", required=True, help="where the component goes")
    command.add_argument(
        "--service", action="store_true", help="the host has the loop, and steps the program's `async def main()`"
    )
    command.add_argument(
        "--path", action="append", default=[], metavar="DIR", help="a folder with packages, before those of this Python; repeatable"
    )
    command.add_argument(
        "--include", action="append", default=[], metavar="MODULE", help="a module to have in it that no import names; repeatable"
    )
    command.add_argument(
        "--import",
        action="append",
        default=[],
        dest="imports",
        metavar="INTERFACE",
        help="an interface of another component, such as polyglot:codec/readings@0.1.0, which is in wit_world.imports; repeatable",
    )
    command.add_argument(
        "--wit", action="append", default=[], metavar="DIR", help="a folder with the WIT package of such an interface; repeatable"
    )
    return parser


def main() -> None:
    """The command."""
    options = _parser().parse_args()
    try:
        size = build(options.app, options.output, service=options.service, path=options.path, include=options.include, wit=options.wit, imports=options.imports)
    except BuildError as error:
        sys.exit(f"datagrant-py: {error}")
    print(f"{options.output}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
