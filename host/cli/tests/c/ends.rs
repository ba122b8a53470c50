//! How programs in C end.

use crate::common::{Folder, run};
use crate::tools::{Compiler, Component};

const PROGRAM: &str = r#"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
static void deeper(int count) { assert(count < 2 && "one argument is too much"); }
int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "exit") == 0) exit(7);
  deeper(argc);
  return 0;
}
"#;

#[test]
fn a_failed_assertion_is_told_with_where_it_was_and_is_status_134() {
    if !Compiler::Zig.or_say() {
        return;
    }
    let folder = Folder::new();
    let source = folder.file("program.c", PROGRAM);
    // zig takes assertions and names out of what it optimises for size.
    let program = Component::by(|file| Compiler::Zig.build(&source, &["-fno-inline", "-UNDEBUG", "-g"], file));
    run(&program.file).output().status(0).stderr("");
    let ended = run(&program.file).args(["--", "x"]).output().status(134);
    ended
        .stderr_has("Assertion failed: count < 2 && \"one argument is too much\"")
        .stderr_has("program.core.wasm!deeper");
    // WASI 0.2 tells 0 and 1.
    run(&program.file).args(["--", "exit"]).output().status(1).stderr("");
}
