//! Names on a network with a name server: what the system says of them, and where a name lets a guest send.

use crate::common::{Folder, Program, datagrant, run_on};
use crate::guest::TWICE;
use datagrant::grants::GrantsFile;
use datagrant_tests::SCRIPTED;
use datagrant_tests::dns::NameServer;
use datagrant_tests::network::{Host, Network};
use std::fs;
use std::net::UdpSocket;
use std::path::Path;

/// A host for guests, and one with the name server and a service, at global addresses that are theirs for once.
struct Named {
    here: Host,
    there: Host,
    // Without it the interfaces are gone.
    _network: Network,
}

const HERE: &str = "8.8.4.2";
const THERE: &str = "8.8.4.4";

impl Named {
    fn new() -> Option<Named> {
        let network = Network::new()?;
        let switch = network.switch();
        let (here, there) = (network.host(), network.host());
        here.plug(&switch, "eth0", &[&format!("{HERE}/24"), "2001:4860:4860::2/64"]);
        there.plug(&switch, "eth0", &[&format!("{THERE}/24"), "2001:4860:4860::4/64"]);
        Some(Named {
            here,
            there,
            _network: network,
        })
    }

    fn name_server(&self, zone: &str) -> NameServer {
        self.there.within(|| NameServer::at(&format!("{THERE}:53"), zone))
    }

    /// The program where these are the system's files.
    fn run_with(&self, resolv_conf: &str, hosts: &str, folder: &Folder) -> Program {
        let path = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a folder of the test's own");
            path
        };
        let mounts = "mount --bind \"$1\" /etc/resolv.conf && mount --bind \"$2\" /etc/hosts && shift 2 && exec \"$@\"";
        Program::ours(self.here.command("unshare"))
            .args(["--mount", "--propagation", "private", "sh", "-c", mounts, "sh"])
            .arg(path("resolv.conf", resolv_conf))
            .arg(path("hosts", hosts))
            .args([env!("CARGO_BIN_EXE_datagrant"), "run", SCRIPTED])
    }
}

#[track_caller]
fn receives(socket: &UdpSocket) -> String {
    let mut buffer = [0; 64];
    let length = socket.recv(&mut buffer).expect("a datagram");
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[test]
fn the_systems_name_servers_and_hosts_file_are_used_and_its_search_domains_are_not() {
    let Some(net) = Named::new() else { return };
    let server = net.name_server(
        "one.test            A     300  8.8.4.9
         one.test            AAAA  300  2001:4860:4860::9
         printer.corp.test   *     300  one.test
         one.test.corp.test  *     300  8.8.4.66
         fixed.test          A     300  8.8.4.66
         silent.test         *     silence",
    );
    let folder = Folder::new();
    net.run_with(
        &format!("search corp.test\nnameserver {THERE}\noptions ndots:5 timeout:1 attempts:1\n"),
        "127.0.0.1 localhost\n8.8.4.7 fixed.test other\n2001:4860:4860::7 fixed.test\n",
        &folder,
    )
    .args(["--allow-resolve", "*"])
    .story(
        "lookup one.test ipv4
         lookup one.test ipv6
         lookup printer
         lookup printer.corp.test ipv4
         lookup fixed.test
         lookup FIXED.test ipv4
         lookup other
         lookup localhost ipv4
         lookup silent.test ipv4",
    )
    .output()
    .status(0)
    .stdout(
        "lookup one.test ipv4 -> ok 8.8.4.9
         lookup one.test ipv6 -> ok 2001:4860:4860::9
         lookup printer -> name-unresolvable
         lookup printer.corp.test ipv4 -> ok 8.8.4.9
         lookup fixed.test -> ok 2001:4860:4860::7, 8.8.4.7
         lookup FIXED.test ipv4 -> ok 8.8.4.7
         lookup other -> ok 8.8.4.7
         lookup localhost ipv4 -> ok 127.0.0.1
         lookup silent.test ipv4 -> temporary-resolver-failure",
    )
    .stderr("");
    let asked = server.asked();
    assert!(asked.contains(&"printer A".to_owned()), "{asked:?}");
    for not in ["one.test.corp.test A", "fixed.test A", "localhost A"] {
        assert!(!asked.contains(&not.to_owned()), "{asked:?}");
    }
    assert_eq!(
        asked
            .iter()
            .filter(|asked| asked.starts_with("printer.corp.test"))
            .count(),
        1,
        "{asked:?}"
    );
}

#[test]
fn a_guest_sends_by_name_where_the_name_is_global_and_not_its_own_host() {
    let Some(net) = Named::new() else { return };
    let server = net.name_server(
        "service.test  A     300  8.8.4.4
         service.test  AAAA  300  2001:4860:4860::4
         self.test     A     300  8.8.4.2
         inner.test    A     300  10.0.0.1",
    );
    let service = net.there.socket(&format!("{THERE}:7"));
    let service_6 = net.there.socket("[2001:4860:4860::4]:7");
    let own = net.here.socket(&format!("{HERE}:7"));
    for begin in TWICE {
        run_on(&net.here, SCRIPTED)
        .args(["--dns-server", &server.address().to_string()])
        .args(["--allow-resolve", "*.test", "--allow-send", "*.test:7"])
        .story(format!(
            "{}create ipv4
             send 8.8.4.4:7 early
             lookup service.test
             send 8.8.4.4:7 hello
             send 8.8.4.4:8 other
             connect 8.8.4.4:7
             send - again
             b: create ipv6
             b: send [2001:4860:4860::4]:7 six
             lookup self.test ipv4
             c: create ipv4
             c: send 8.8.4.2:7 own
             lookup inner.test ipv4
             c: send 10.0.0.1:7 inner
             lookup example.com",
            begin.replace(" -> ok", "")
        ))
        .output()
        .status(0)
        .stdout(format!(
            "{begin}create ipv4 -> ok
             send 8.8.4.4:7 early -> access-denied
             lookup service.test -> ok 2001:4860:4860::4, 8.8.4.4
             send 8.8.4.4:7 hello -> ok
             send 8.8.4.4:8 other -> access-denied
             connect 8.8.4.4:7 -> ok 8.8.4.2:*
             send - again -> ok
             b: create ipv6 -> ok
             b: send [2001:4860:4860::4]:7 six -> ok
             lookup self.test ipv4 -> ok 8.8.4.2
             c: create ipv4 -> ok
             c: send 8.8.4.2:7 own -> access-denied
             lookup inner.test ipv4 -> ok 10.0.0.1
             c: send 10.0.0.1:7 inner -> access-denied
             lookup example.com -> access-denied"
        ))
        .stderr(
            "datagrant: refused by the grants: send 8.8.4.4:7: not granted; to allow it: --allow-send 8.8.4.4:7
             datagrant: refused by the grants: send 8.8.4.4:8: not granted; to allow it: --allow-send service.test:8
             datagrant: refused by the grants: send 8.8.4.2:7: a name does not give an address of this host; to allow it: --allow-send 8.8.4.2:7
             datagrant: refused by the grants: send 10.0.0.1:7: a name gives global addresses only; to allow it: --allow-send 10.0.0.1:7
             datagrant: refused by the grants: resolve example.com: not granted; to allow it: --allow-resolve example.com",
        );
        assert_eq!([receives(&service), receives(&service)], ["hello", "again"]);
        assert_eq!(receives(&service_6), "six");
    }
    own.set_nonblocking(true).expect("an option");
    own.recv(&mut [0; 9]).expect_err("nothing was sent here");
}

#[test]
fn a_second_name_server_answers_where_the_first_is_not_there() {
    let Some(net) = Named::new() else { return };
    let server = net.name_server("one.test A 300 8.8.4.9");
    run_on(&net.here, SCRIPTED)
        .args([
            "--dns-server",
            "8.8.4.2:9",
            "--dns-server",
            &server.address().to_string(),
        ])
        .args(["--allow-resolve", "one.test", "--deny-resolve", "two.test"])
        .story("lookup one.test ipv4\n lookup two.test")
        .output()
        .status(0)
        .stdout("lookup one.test ipv4 -> ok 8.8.4.9\n lookup two.test -> access-denied")
        .stderr(
            "datagrant: refused by the grants: resolve two.test: denied (deny resolve two.test); no flag allows it",
        );
}

#[test]
fn what_a_name_gave_is_suggested_by_its_name_and_covers_the_run_again() {
    let Some(net) = Named::new() else { return };
    let server = net.name_server("service.test A 300 8.8.4.4\n other.test A 300 8.8.4.4");
    let service = net.there.socket(&format!("{THERE}:7"));
    let folder = Folder::new();
    let run = |flags: &[&str], audit: &Path| {
        let program = run_on(&net.here, SCRIPTED).args(["--dns-server", &server.address().to_string()]);
        let story = "create ipv4\n lookup service.test ipv4\n connect 8.8.4.4:7\n send - hello";
        let ended = program.arg("--audit").arg(audit).args(flags).story(story).output();
        assert_eq!(receives(&service), "hello");
        ended.status(0).stderr("").stdout
    };
    let (wide, narrow) = (folder.path().join("wide.jsonl"), folder.path().join("narrow.jsonl"));
    let flags = [
        "--allow-resolve",
        "*",
        "--allow-send",
        "*.test:*",
        "--allow-send",
        "10.0.0.0/8:*",
    ];
    let first = run(&flags, &wide);
    let suggest = |audit: &Path| {
        let suggested = datagrant().arg("suggest").arg(audit).output().status(0).stderr("");
        GrantsFile::parse(&suggested.stdout).expect("a grants file").to_string()
    };
    let suggested = suggest(&wide);
    let expected = "[allow]\nsend = [\n    \"service.test:7\",\n]\nresolve = [\n    \"service.test\",\n]\n";
    assert_eq!(suggested, expected);
    let file = folder.file("grants.toml", &suggested);
    let again = run(&["--grants", &file.to_string_lossy()], &narrow);
    let but_ports = |printed: &str| printed.replace(|c: char| c.is_ascii_digit(), "");
    assert_eq!(but_ports(&again), but_ports(&first));
    assert_eq!(suggest(&narrow), expected);
}
