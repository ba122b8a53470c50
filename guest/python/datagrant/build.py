"""Makes a component of a Python program, by componentize-py."""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

# What componentize-py imports when the component is made: the world's exports, of a program that is made ready.
_ENTRY = """\
import sys
sys.dont_write_bytecode = True
sys.path.append({folder!r})
from wit_world import exports
from datagrant._modules import CannotBuild
from datagrant._program import Ready
try:
    program = Ready({folder!r}, {file!r}, {include!r})
except CannotBuild as problem:
    sys.exit({problem!r} + str(problem))
"""
_COMMAND = """
class Run(exports.Run):
    def run(self):
        program.run()
"""
_SERVICE = """
from datagrant._service import Service
service = Service(program)
class Handler(exports.Handler):
    def step(self, ready):
        return service.step(ready)
    def stop(self):
        return service.stop()
"""
_PROBLEM = "datagrant cannot build this: "


class BuildError(Exception):
    """What is wrong with the program, or with how it was asked for."""


def build(
    app: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    service: bool = False,
    path: Sequence[str | os.PathLike[str]] = (),
    include: Sequence[str] = (),
    wit: Sequence[str | os.PathLike[str]] = (),
    imports: Sequence[str] = (),
) -> int:
    """Builds a component of `app`, a file, with the modules beside it and the installed packages that it imports; answers the
    component's size in bytes.

    `path`: folders to look for packages in, before those of this Python. `include`: modules to have in it that no import names.
    `imports`: interfaces of other components that it imports, which Python finds in `wit_world.imports`; `wit`: folders with the
    packages that these are of.
    """
    file = Path(app)
    if not file.is_file():
        raise BuildError(f"{app} is not a file that can be read")
    if file.suffix != ".py" or not file.stem.isidentifier():
        raise BuildError(f"{app} cannot be imported: the name of a program is a name of Python's, with .py behind it")
    for folder in path:
        if not Path(folder).is_dir():
            raise BuildError(f"--path {folder} is not a folder")
    for folder in wit:
        if not Path(folder).is_dir():
            raise BuildError(f"--wit {folder} is not a folder")
    if importlib.util.find_spec("componentize_py") is None:
        raise BuildError("componentize-py is missing, which makes the component: pip install componentize-py==0.25.1")
    with tempfile.TemporaryDirectory(prefix="datagrant-") as made:
        _contract(Path(made, "wit"))
        _others(Path(made, "wit"), wit, imports)
        entry = Path(made, "entry")
        entry.mkdir()
        # componentize-py gives each folder of its path a number for a name: the entry is 0, the SDK 1, the program 2.
        text = _ENTRY.format(folder="/2", file=file.name, include=list(include), problem=_PROBLEM)
        entry.joinpath("datagrant_entry.py").write_text(text + (_SERVICE if service else _COMMAND))
        folders = [entry, _alone(made), file.resolve().parent, *path, *_installed()]
        _componentize(Path(made), folders, "service" if service else "command", Path(output).resolve())
    return Path(output).stat().st_size


def _alone(made: str) -> Path:
    """The SDK, without what else is in the folder that it is installed in."""
    folder = Path(made, "sdk")
    ignored = shutil.ignore_patterns("__pycache__", "contract", "wit")
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=ignored)
    return folder


def _contract(folder: Path) -> None:
    """The worlds of the SDK, with the contract beside them."""
    shutil.copytree(PACKAGE / "wit", folder)
    contract = PACKAGE / "contract"
    shutil.copytree(contract / "deps", folder / "deps")
    shutil.copytree(contract, folder / "deps/dgram", ignore=shutil.ignore_patterns("deps", "*.md"))


def _others(folder: Path, wit: Sequence[str | os.PathLike[str]], imports: Sequence[str]) -> None:
    """What a program imports beside the contract."""
    for number, package in enumerate(wit):
        shutil.copytree(package, folder / "deps" / f"other-{number}")
    world = folder / "world.wit"
    contract = "include datagrant:dgram/imports@0.1.0;"
    more = "".join(f" import {name};" for name in imports)
    world.write_text(world.read_text().replace(contract, contract + more))


def _installed() -> list[str]:
    """Where the packages of this Python are."""
    paths = sysconfig.get_paths()
    return list(dict.fromkeys(folder for folder in (paths["purelib"], paths["platlib"]) if os.path.isdir(folder)))


def _componentize(made: Path, folders: Sequence[str | os.PathLike[str]], world: str, output: Path) -> None:
    # It would search for environments by itself; of an empty one it has nothing to add.
    environment = made / "environment"
    environment.joinpath("lib/site-packages").mkdir(parents=True)
    component = made / "component.wasm"
    arguments = ["--quiet", "--wit-path", str(made / "wit"), "--world", world, "componentize", "datagrant_entry"]
    for folder in folders:
        arguments += ["--python-path", str(folder)]
    command = [sys.executable, "-c", "import componentize_py; componentize_py.script()", *arguments, "--output", str(component)]
    ended = subprocess.run(
        command, cwd=made, env={**os.environ, "VIRTUAL_ENV": str(environment), "RUST_BACKTRACE": "0"}, capture_output=True, text=True, check=False
    )
    if ended.returncode != 0:
        said = ended.stdout + ended.stderr
        _, _, told = said.partition(_PROBLEM)
        raise BuildError(told.splitlines()[0] if told else f"componentize-py cannot make a component of it:\n\n{said.strip()}")
    shutil.copyfile(component, output)
