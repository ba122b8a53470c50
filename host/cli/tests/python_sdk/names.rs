//! Names from Python: looked up by the host while the program's loop goes on.

use crate::examples::example;
use datagrant_tests::dns::NameServer;

#[test]
fn names_are_looked_up_while_the_loop_goes_on() {
    let server = NameServer::new(
        "one.test     A     300  127.0.0.2
         one.test     AAAA  300  ::1
         silent.test  *     silence",
    );
    let address = server.address().to_string();
    let grants = [
        "--allow-resolve=*",
        "--deny-resolve=denied.test",
        "--dns-server",
        &address,
    ];
    let Some(program) = example(&grants) else { return };
    program
        .args(["names", "one.test", "denied.test", "nothing.test", "127.0.0.1", "localhost"])
        .output()
        .status(0)
        .stdout(
            "one.test ['127.0.0.2', '::1']
             denied.test PermissionError
             nothing.test gaierror
             127.0.0.1 ['127.0.0.1']
             localhost ['127.0.0.1', '::1']
             silent.test is given up, and the loop went on: True
             blocking 127.0.0.2",
        )
        .stderr("datagrant: refused by the grants: resolve denied.test: denied (deny resolve denied.test); no flag allows it");
    let asked = server.asked();
    assert!(asked.iter().all(|asked| !asked.contains("denied")), "{asked:?}");
}
