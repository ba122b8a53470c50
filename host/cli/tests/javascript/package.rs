//! The SDK as a project of a user's has it: installed from its folder, and packed.

use crate::common::{Folder, Program, finishes, run};
use crate::tools::{QUICKJS, node, node_file, root, sdk};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

const APP: &str = "
import dgram, { type RemoteInfo } from 'datagrant/dgram';

const socket: dgram.Socket = dgram.createSocket('udp4', (message, from: RemoteInfo) => {
  console.log(`${message} of ${from.size} bytes`);
  socket.close();
});
socket.bind(0, '127.0.0.1', () => socket.send('hello', socket.address().port, '127.0.0.1'));
";

const TYPES: &str = r#"{
  "compilerOptions": { "strict": true, "noEmit": true, "module": "nodenext", "target": "esnext", "types": [] },
  "files": ["app.ts"]
}"#;

/// A project without anything but a program.
fn project() -> Folder {
    let folder = Folder::new();
    folder.file(
        "package.json",
        r#"{ "name": "project", "private": true, "type": "module" }"#,
    );
    folder.file("app.ts", APP);
    folder.file("tsconfig.json", TYPES);
    folder
}

fn npm() -> Command {
    let mut npm = Command::new("npm");
    npm.args(["--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline"]);
    npm
}

/// Builds the project's program by the command that npm has put there, and runs it.
#[track_caller]
fn works(project: &Path) {
    let build = ["datagrant-js", "build", "app.ts", "-o", "app.wasm", "--engine", QUICKJS];
    finishes(Command::new("npx").arg("--no-install").args(build).current_dir(project));
    // As `Component::build` does it: compiling may take longer than a test is patient.
    let compile = ["compile", "app.wasm", "-o", "app.cwasm"];
    finishes(
        Command::new(env!("CARGO_BIN_EXE_datagrant"))
            .args(compile)
            .current_dir(project),
    );
    let app = run(project.join("app.cwasm")).arg("--allow-precompiled");
    let grants = ["--allow-bind=127.0.0.1:0", "--allow-send=@loopback:*"];
    app.args(grants).output().status(0).stdout("hello of 5 bytes");
}

#[test]
fn a_project_installs_it_from_its_folder_and_has_its_types() {
    if node().is_none() {
        return;
    }
    let project = project();
    finishes(npm().arg("install").arg(sdk("")).current_dir(project.path()));
    works(project.path());
    // That what is given is compared with the types at all.
    let wrong = APP.replace("'udp4'", "'udp5'");
    let compiler = sdk("node_modules/typescript/bin/tsc");
    let compiles = || {
        Program::new(Command::new(node_file()))
            .arg(&compiler)
            .current_dir(project.path())
    };
    compiles().output().status(0).stdout("");
    project.file("app.ts", &wrong);
    let ended = compiles().output();
    assert!(ended.stdout.contains(r#"'"udp5"' is not assignable"#), "{ended:#?}");
}

#[test]
fn a_package_of_it_has_all_that_it_needs() {
    if node().is_none() {
        return;
    }
    let project = project();
    let packed = project.path().join("packed");
    fs::create_dir(&packed).expect("a folder of the test's own");
    finishes(
        npm()
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&packed)
            .current_dir(sdk("")),
    );
    let modules = project.path().join("node_modules");
    fs::create_dir_all(modules.join(".bin")).expect("a folder of the test's own");
    let version = env!("CARGO_PKG_VERSION");
    let unpack = |command: &mut Command| finishes(command.current_dir(&modules));
    unpack(
        Command::new("tar")
            .arg("xf")
            .arg(packed.join(format!("datagrant-{version}.tgz"))),
    );
    let package = modules.join("datagrant");
    fs::rename(modules.join("package"), &package).expect("what npm packs is in such a folder");
    assert!(package.join("contract/types.wit").is_file());
    assert!(!package.join("tests").exists());
    // What npm would do next, but for another 400 MB.
    symlink(sdk("node_modules"), package.join("node_modules")).expect("a link");
    symlink("../datagrant/bin/datagrant-js.js", modules.join(".bin/datagrant-js")).expect("a link");
    works(project.path());
    assert!(!root().join("guest/js/contract").exists());
}
