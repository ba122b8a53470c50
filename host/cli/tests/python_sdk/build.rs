//! The build command: what it says of programs that it cannot build; and the package, as pip installs it.

use crate::common::{Ended, Folder, finishes};
use crate::tools::{python, python_command, sdk};

fn build(arguments: &[&str]) -> Option<Ended> {
    Some(python()?.args(["-m", "datagrant", "build"]).args(arguments).output())
}

#[test]
fn what_cannot_be_built_is_told() {
    let folder = Folder::new();
    let output = folder.path().join("app.wasm");
    let of = |text: &str| {
        let app = folder.file("app.py", text);
        build(&[&app.to_string_lossy(), "-o", &output.to_string_lossy()])
    };
    let Some(ended) = of("import sys\nimport no_such_package\n") else {
        return;
    };
    ended
        .status(1)
        .stderr("datagrant-py: app.py:2: no module named no_such_package: install it, or say where it is with --path");
    of("import asyncio, ssl\n")
        .expect("as before")
        .status(1)
        .stderr("datagrant-py: app.py:1: ssl needs _ssl, and CPython for WASI has no _ssl");
    of("def f(:\n")
        .expect("as before")
        .status(1)
        .stderr_has("datagrant-py: app.py:1: SyntaxError: ");
    let wrong = |arguments: &[&str]| build(arguments).expect("as before");
    wrong(&["absent.py", "-o", "x.wasm"])
        .status(1)
        .stderr("datagrant-py: absent.py is not a file that can be read");
    let app = folder.file("the-app.py", "");
    wrong(&[&app.to_string_lossy(), "-o", "x.wasm"])
        .status(1)
        .stderr_has("cannot be imported: the name of a program is a name of Python's, with .py behind it");
    wrong(&["app.py"])
        .status(2)
        .stderr_has("the following arguments are required: -o");
    wrong(&["app.py", "-o", "x.wasm", "--fast"])
        .status(2)
        .stderr_has("unrecognized arguments: --fast");
}

#[test]
fn the_annotations_are_right() {
    let Some(_) = python() else { return };
    let folder = Folder::new();
    // Of the contract's bindings, which componentize-py makes anew for each component.
    let made = folder.path().join("bindings");
    let contract =
        "from pathlib import Path; from datagrant.build import _contract; import sys; _contract(Path(sys.argv[1]))";
    let wit = folder.path().join("wit");
    finishes(python_command().args(["-c", contract]).arg(&wit));
    let tool = "import componentize_py; componentize_py.script()";
    finishes(
        python_command()
            .args(["-c", tool, "--quiet", "--wit-path"])
            .arg(&wit)
            .args(["--world", "service", "bindings"])
            .arg(&made),
    );
    let path = std::env::join_paths([made, sdk(""), sdk("examples")]).expect("folders of the test");
    finishes(
        python_command()
            .current_dir(sdk(""))
            .env("MYPYPATH", path)
            .args(["-m", "mypy", "--cache-dir"])
            .arg(folder.path().join("cache"))
            .args([
                "-p",
                "datagrant",
                "-m",
                "echo_server",
                "-m",
                "echo_client",
                "-m",
                "dns_server",
            ])
            .args(["-m", "coap_server", "-m", "service"]),
    );
}

#[test]
fn pip_installs_the_package_with_the_contract() {
    let Some(_) = python() else { return };
    let folder = Folder::new();
    let packages = folder.path().join("packages");
    finishes(
        python_command()
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"])
            .args(["--disable-pip-version-check", "--no-index", "--target"])
            .arg(&packages)
            .arg(sdk("")),
    );
    for file in [
        "py.typed",
        "wit/world.wit",
        "contract/sockets.wit",
        "contract/deps/cli/run.wit",
    ] {
        let file = packages.join("datagrant").join(file);
        assert!(file.is_file(), "no {}", file.display());
    }
}
