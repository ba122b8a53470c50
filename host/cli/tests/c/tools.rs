//! The two compilers, and what becomes of a program by them.

use crate::common::{Folder, finishes, missing};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who compiles.
#[derive(Clone, Copy, Debug)]
pub enum Compiler {
    /// From PyPI, as `cargo xtask` installs it.
    Zig,
    /// Debian's.
    Clang,
}

pub const BOTH: [Compiler; 2] = [Compiler::Zig, Compiler::Clang];

/// A program is one of these in its own files, the SDK and this.
pub const SERVICE: [&str; 2] = ["-DDATAGRANT_SERVICE", "-mexec-model=reactor"];
const STRICT: [&str; 4] = ["-Os", "-Wall", "-Wextra", "-Werror"];

pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the root of the workspace")
}

/// A file of the SDK.
pub fn sdk(file: &str) -> PathBuf {
    root().join("guest/c").join(file)
}

/// `zig` and a command of it.
pub fn zig(command: &str) -> Command {
    let mut zig = Command::new(root().join("target/zig/bin/python-zig"));
    zig.arg(command);
    zig
}

impl Compiler {
    /// What is missing, and how to get it.
    pub fn is_there(self) -> Result<(), String> {
        let (files, how): (&[&str], _) = match self {
            Compiler::Zig => (&["target/zig/bin/python-zig"], "cargo xtask test installs it"),
            Compiler::Clang => (
                &[
                    "/usr/bin/clang-22",
                    "/usr/bin/wasm-ld-22",
                    "/usr/include/wasm32-wasi/stdio.h",
                ],
                "apt-get install clang-22 lld-22 libclang-rt-22-dev-wasm32 wasi-libc",
            ),
        };
        // What begins at the root stays as it is when joined.
        match files.iter().find(|file| !root().join(file).exists()) {
            Some(file) => Err(format!("{file} is missing; {how}")),
            None => Ok(()),
        }
    }

    /// The same, said to whoever reads the tests' output; with CI=true that is a failure.
    #[track_caller]
    pub fn or_say(self) -> bool {
        let there = self.is_there();
        if let Err(what) = &there {
            missing(&format!("{self:?}"), what);
        }
        there.is_ok()
    }

    fn command(self) -> Command {
        match self {
            Compiler::Zig => {
                let mut zig = zig("cc");
                zig.args(["-target", "wasm32-wasi"]);
                zig
            }
            Compiler::Clang => {
                let mut clang = Command::new("clang-22");
                // Debian's wasi-libc has the target's old name, which clang calls deprecated.
                clang.args(["--target=wasm32-wasi", "-Wno-deprecated"]);
                clang
            }
        }
    }

    /// Makes the component of a program, in C or C++, and the SDK; a warning is an error.
    #[track_caller]
    pub fn build(self, program: &Path, more: &[&str], component: &Path) {
        let module = component.with_extension("core.wasm");
        let mut compile = self.command();
        compile.args(STRICT).arg("-I").arg(sdk("")).args(more);
        finishes(compile.arg(program).arg(sdk("datagrant.c")).arg("-o").arg(&module));
        componentize(&module, component);
    }
}

/// As its page says to.
#[track_caller]
pub fn componentize(module: &Path, component: &Path) {
    let mut datagrant = Command::new(env!("CARGO_BIN_EXE_datagrant"));
    finishes(datagrant.arg("componentize").arg(module).arg("-o").arg(component));
}

/// A component, as long as the test runs.
pub struct Component {
    pub file: PathBuf,
    _folder: Folder,
}

impl Component {
    /// Of a program that something else builds.
    #[track_caller]
    pub fn by(build: impl FnOnce(&Path)) -> Component {
        let folder = Folder::new();
        let file = folder.path().join("program.wasm");
        build(&file);
        Component { file, _folder: folder }
    }

    /// Of an example.
    #[track_caller]
    pub fn example(compiler: Compiler, name: &str, more: &[&str]) -> Component {
        Component::by(|file| compiler.build(&sdk("examples").join(name), more, file))
    }
}
