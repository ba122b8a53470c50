"""How a program lives in a component: made ready when the component is made, run when it runs."""

import atexit
import gc
import importlib.machinery
import sys
import traceback
from types import ModuleType

from componentize_py_types import Err

from . import _install
from ._modules import NotThere, Program, import_hidden, include


class Ready:
    """A program that was made ready."""

    def __init__(self, folder: str, file: str, more: list[str]) -> None:
        """`folder` has the program and its modules; `file` is its name in there; `more` are modules to import beside."""
        _install.install()
        program = Program(folder)
        # Its other modules may import it, by its name.
        self._name = file.removesuffix(".py")
        program.add(self._name, file)
        include(more)
        import_hidden()
        self._program = program
        # What lives now lives for ever, and is none of the collector's business.
        gc.collect()
        gc.freeze()

    def _begin(self) -> None:
        """Imports come from the program alone: the files that were there when it was made are not there any more."""
        sys.path.clear()
        sys.meta_path[:] = [self._program, importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, NotThere()]

    def run(self) -> None:
        """Runs it as `__main__`, to its end. Raises `Err(None)` when that is an error."""
        if (status := self._status()) != 0:
            raise Err(None)

    def _status(self) -> int:
        self._begin()
        module = ModuleType("__main__")
        code = self._program.code(self._name)
        module.__file__ = code.co_filename
        sys.modules["__main__"] = module
        try:
            exec(code, module.__dict__)
        except BaseException as error:
            return ended(error)
        finally:
            atexit._run_exitfuncs()
        return 0

    def load(self) -> ModuleType:
        """Imports it by its name, as another module would."""
        self._begin()
        return importlib.import_module(self._name)


def ended(error: BaseException) -> int:
    """The exit status of a program that ended by this, which is printed as CPython prints it."""
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    trace = error.__traceback__
    # The SDK's own frames tell nobody anything.
    while trace is not None and trace.tb_frame.f_globals.get("__package__") == __package__:
        trace = trace.tb_next
    traceback.print_exception(error.with_traceback(trace))
    return 1
