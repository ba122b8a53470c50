"""The modules of a program. Its own are compiled when the component is made, and run when it runs; libraries are imported when it
is made, since a component has no files to import from later.
"""

import ast
import importlib
import importlib.abc
import importlib.machinery
import linecache
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

# What CPython imports when it is first needed, without a line that says so.
_HIDDEN = ("encodings.idna", "encodings.latin_1", "encodings.ascii", "_strptime", "traceback", "concurrent.futures.thread")


class CannotBuild(Exception):
    """What is wrong with the program, for whoever builds it."""


@dataclass
class Module:
    """A module of the program's own."""

    code: CodeType
    is_package: bool


class Program(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """A program's own modules: finds them for `import`, without files."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._modules: dict[str, Module] = {}

    def add(self, name: str, path: str, *, is_package: bool = False) -> None:
        """Compiles a module of this folder, and all of its own modules that it imports; imports what is a library's."""
        if name in self._modules:
            return
        with open(os.path.join(self._folder, path), "rb") as file:
            text = file.read()
        try:
            tree = ast.parse(text, path)
            code = compile(tree, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise CannotBuild(f"{path}:{getattr(error, 'lineno', 0)}: {type(error).__name__}: {error}") from None
        self._modules[name] = Module(code, is_package)
        # A trace shows lines, without a file to read them from.
        lines = importlib.util.decode_source(text).splitlines(keepends=True)
        linecache.cache[path] = (len(text), None, lines, path)
        package = name if is_package else name.rpartition(".")[0]
        for statement, must_be in _imports(tree):
            for wanted in _names(statement, package):
                self._want(wanted, f"{path}:{statement.lineno}" if must_be else None)

    def _want(self, wanted: str, needed_at: str | None) -> None:
        """Has a module ready for later. `needed_at`: the line that fails without it."""
        head, _, _ = wanted.partition(".")
        if self._path_of(head) is not None:
            # Of `from package import name` the name may be a module, and may not.
            parts = wanted.split(".")
            for length in range(1, len(parts) + 1):
                name = ".".join(parts[:length])
                if (found := self._path_of(name)) is not None:
                    self.add(name, found, is_package=found.endswith("__init__.py"))
            return
        try:
            importlib.import_module(wanted)
        except ModuleNotFoundError as error:
            # Of `from module import name` the name is no module, most of the time.
            if needed_at and (error.name == head or error.name != wanted):
                raise CannotBuild(f"{needed_at}: {_reason(wanted, error)}") from None
        except Exception as error:
            if needed_at:
                raise CannotBuild(f"{needed_at}: {_reason(wanted, error)}") from error

    def _path_of(self, name: str) -> str | None:
        base = name.replace(".", "/")
        candidates = (f"{base}/__init__.py", f"{base}.py")
        return next((path for path in candidates if os.path.isfile(os.path.join(self._folder, path))), None)

    def code(self, name: str) -> CodeType:
        """The code of a module of the program's own."""
        return self._modules[name].code

    # As importlib asks.

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> Any:
        module = self._modules.get(fullname)
        if module is None:
            return None
        origin = module.code.co_filename
        return importlib.machinery.ModuleSpec(fullname, self, origin=origin, is_package=module.is_package)

    def get_code(self, fullname: str) -> CodeType:
        return self.code(fullname)

    def get_source(self, fullname: str) -> str:
        return "".join(linecache.getlines(self.code(fullname).co_filename))

    def is_package(self, fullname: str) -> bool:
        return self._modules[fullname].is_package

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        code = self.code(module.__name__)
        module.__file__ = code.co_filename
        exec(code, module.__dict__)


class NotThere(importlib.abc.MetaPathFinder):
    """The last finder: says how a module that was not imported in time can be."""

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> None:
        text = f"No module named {fullname!r} in this component: libraries are those that were imported when it was made"
        raise ModuleNotFoundError(f"{text} (python -m datagrant build --include {fullname})", name=fullname)


def include(names: list[str]) -> None:
    """Imports modules that nothing in the program names."""
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            raise CannotBuild(f"--include {name}: {_reason(name, error)}") from None


def import_hidden() -> None:
    """Imports what would be imported later: by CPython itself, and by the functions of the libraries that are there."""
    include(list(_HIDDEN))
    looked_at: set[str] = set()
    while names := [name for name in sys.modules if name not in looked_at]:
        looked_at.update(names)
        for name in names:
            module = sys.modules[name]
            file = getattr(module, "__file__", None)
            # The standard library's functions import half of it, and seldom.
            if not file or not file.endswith(".py") or file.startswith("/python/") or name.startswith("wit_world"):
                continue
            with open(file, "rb") as text:
                tree = ast.parse(text.read(), file)
            package = module.__package__ or ""
            for statement, _ in _imports(tree):
                for wanted in _names(statement, package):
                    try:
                        importlib.import_module(wanted)
                    except Exception:  # noqa: S112 - it may be there for another system, and may be no module
                        continue


def _imports(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """The import statements, and of each whether the module cannot do without it: at its top level, where nothing catches."""
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, id(node) in top


def _names(statement: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """The absolute names of what may be modules in a statement."""
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
        return
    base = statement.module or ""
    if statement.level:
        above = package.split(".")[: len(package.split(".")) - statement.level + 1]
        base = ".".join([*above, base] if base else above)
    if base:
        yield base
        yield from (f"{base}.{alias.name}" for alias in statement.names if alias.name != "*")


def _reason(wanted: str, error: BaseException) -> str:
    missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else ""
    if missing.partition(".")[0].lstrip("_") in sys.stdlib_module_names:
        of = "" if missing == wanted else f"{wanted} needs {missing}, and "
        return f"{of}CPython for WASI has no {missing}"
    if missing == wanted.partition(".")[0]:
        return f"no module named {wanted}: install it, or say where it is with --path"
    return f"{wanted} cannot be imported in a component: {type(error).__name__}: {error}"
