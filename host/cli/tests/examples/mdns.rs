//! `examples/mdns` between hosts, found by Avahi and finding what Avahi tells of.

use crate::common::{Program, Started, run, run_on};
use crate::tool::tool;
use datagrant_tests::MDNS;
use datagrant_tests::network::{Host, Network};

const BIND: &str = "--allow-bind=224.0.0.251:5353 shared";
const JOIN: &str = "--allow-join=224.0.0.251@eth0";
const SEND: &str = "--allow-send=224.0.0.251@eth0:5353";

/// Avahi as it is on a host, and a command that talks to it. In a namespace of files and of processes, so that it meets no
/// other Avahi, and nothing is left of it.
const AVAHI: &str = "
set -e
mount -t tmpfs tmpfs /run
mkdir /run/dbus /run/avahi-daemon
printf '[server]\\nhost-name=bob\\nuse-ipv6=no\\n[publish]\\npublish-hinfo=no\\npublish-workstation=no\\n' >/run/avahi.conf
dbus-daemon --system --nofork --nopidfile >/run/dbus.log 2>&1 &
until test -S /run/dbus/system_bus_socket; do sleep 0.02; done
avahi-daemon --no-drop-root --no-chroot --no-rlimits -f /run/avahi.conf >/run/avahi.log 2>&1 &
until grep -q 'startup complete' /run/avahi.log; do sleep 0.02; done
";

/// Two hosts on a switch, or none where there can be none.
fn hosts() -> Option<(Network, Host, Host)> {
    let network = Network::new()?;
    let lan = network.switch();
    let (alice, bob) = (network.host(), network.host());
    alice.plug(&lan, "eth0", &["10.0.0.1/24"]);
    bob.plug(&lan, "eth0", &["10.0.0.2/24"]);
    Some((network, alice, bob))
}

fn mdns(host: &Host, arguments: &[&str]) -> Program {
    run_on(host, MDNS).args([BIND, JOIN, SEND, "--"]).args(arguments)
}

fn advertise(host: &Host, address: &str, name: &str) -> Program {
    mdns(
        host,
        &[
            "advertise",
            "eth0",
            address,
            name,
            "_ipp._tcp",
            "631",
            "rp=queue",
            "note=a b",
        ],
    )
}

fn avahi(host: &Host, command: &str) -> Option<Started> {
    tool("avahi-browse", "avahi-utils")?;
    tool("avahi-daemon", "avahi-daemon")?;
    tool("dbus-daemon", "dbus")?;
    let mut unshare = host.command("unshare");
    unshare.args([
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        &format!("{AVAHI}{command}"),
    ]);
    unshare.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    Some(Program::new(unshare).start())
}

#[test]
fn avahi_finds_what_is_advertised() {
    let Some((_network, alice, bob)) = hosts() else { return };
    let mut service = advertise(&alice, "10.0.0.1", "My printer").start();
    service.wait_for_line("advertised: My printer (_ipp._tcp) at 10.0.0.1:631");
    let Some(mut avahi) = avahi(&bob, "while true; do avahi-browse -rpt _ipp._tcp; done") else {
        return;
    };
    let found = avahi.wait_for_line("=;eth0;IPv4;");
    assert!(found.starts_with(r"=;eth0;IPv4;My\032printer;"), "{found}");
    assert!(
        found.contains(";local;datagrant-10-0-0-1.local;10.0.0.1;631;"),
        "{found}"
    );
    assert!(
        found.contains("\"rp=queue\"") && found.contains("\"note=a b\""),
        "{found}"
    );
    assert_eq!(service.printed().1, "");
}

#[test]
fn what_avahi_tells_of_is_found() {
    let Some((_network, alice, bob)) = hosts() else { return };
    let Some(mut avahi) = avahi(&bob, "avahi-publish -s 'Other one' _ipp._tcp 4242 rp=other 2>&1") else {
        return;
    };
    avahi.wait_for_line("Established under name 'Other one'");
    let mut browser = mdns(&alice, &["browse", "eth0", "_ipp._tcp", "15"]).start();
    let found = browser.wait_for_line("Other one");
    assert_eq!(found, "\"Other one\" at 10.0.0.2:4242 (bob.local.) \"rp=other\"");
}

#[test]
fn the_two_find_each_other() {
    let Some((_network, alice, bob)) = hosts() else { return };
    let mut services = [("10.0.0.1", "One"), ("10.0.0.9", "Two")].map(|(address, name)| {
        let service = advertise(&alice, address, name).start();
        (service, name)
    });
    for (service, name) in &mut services {
        service.wait_for_line(&format!("advertised: {name} "));
    }
    let mut browser = mdns(&bob, &["browse", "eth0", "_ipp._tcp", "15"]).start();
    let one = browser.wait_for_line("\"One\" at 10.0.0.1:631 (datagrant-10-0-0-1.local.)");
    assert!(one.ends_with(" \"rp=queue\" \"note=a b\""), "{one}");
    browser.wait_for_line("\"Two\" at 10.0.0.9:631 (datagrant-10-0-0-9.local.)");
    // Others of the same host hear them too.
    let mut beside = mdns(&alice, &["browse", "eth0", "_ipp._tcp", "15"]).start();
    beside.wait_for_line("\"One\" at ");
}

#[test]
fn a_name_that_is_taken_is_not_advertised_again() {
    let Some((_network, alice, bob)) = hosts() else { return };
    let mut first = advertise(&alice, "10.0.0.1", "My printer").start();
    first.wait_for_line("advertised: ");
    let second = advertise(&bob, "10.0.0.2", "My printer").output().status(1).stdout("");
    second.stderr("mdns: 10.0.0.1:5353 has a service or a host of this name already");
    assert_eq!(first.printed().1, "", "the first one goes on");
}

#[test]
fn what_is_not_there_is_not_found() {
    let Some((_network, alice, _bob)) = hosts() else { return };
    let ended = mdns(&alice, &["browse", "eth0", "_ipp._tcp", "1"])
        .output()
        .status(1)
        .stdout("");
    ended.stderr("mdns: no _ipp._tcp on eth0 in 1 s");
}

#[test]
fn with_one_grant_less_it_ends_and_says_what_is_missing() {
    let Some((_network, alice, _bob)) = hosts() else { return };
    // Who is no member of a group has no use for its address: a bind to it needs the join, too.
    let elsewhere = "--allow-join=224.0.0.251@eth1";
    for (grants, refused) in [
        (
            &[JOIN, SEND][..],
            "bind 224.0.0.251:5353: not granted; to allow it: --allow-bind '224.0.0.251:5353 shared'",
        ),
        (
            &[BIND, SEND],
            "bind 224.0.0.251:5353: not granted; to allow it: --allow-join 224.0.0.251",
        ),
        (
            &[BIND, SEND, elsewhere],
            "join 224.0.0.251@eth0: granted on another interface; to allow it: --allow-join 224.0.0.251@eth0",
        ),
        (
            &[BIND, JOIN],
            "send 224.0.0.251@eth0:5353: not granted; to allow it: --allow-send 224.0.0.251@eth0:5353",
        ),
    ] {
        let browser = run_on(&alice, MDNS)
            .args(grants)
            .args(["--", "browse", "eth0", "_ipp._tcp"]);
        let ended = browser.output().status(1).stdout("");
        let line = format!("datagrant: refused by the grants: {refused}\n");
        ended.stderr_has(&line);
    }
}

#[test]
fn what_its_arguments_lack_is_told() {
    let told = |arguments: &[&str]| run(MDNS).arg("--").args(arguments).output();
    assert!(told(&["--help"]).status(0).stdout.starts_with("Usage: mdns "));
    told(&["browse"])
        .status(1)
        .stderr_has("mdns: browse or advertise, and what");
    told(&["browse", "eth0", "ipp"])
        .status(1)
        .stderr("mdns: not a type of services, such as _http._tcp or _ntp._udp: \"ipp\"");
    told(&["browse", "eth0", "_ipp._tcp", "0"])
        .status(1)
        .stderr_has("mdns: not a number of seconds from 1 to 3600: \"0\"");
    let advertise = |address, port| told(&["advertise", "eth0", address, "name", "_ipp._tcp", port]).status(1);
    advertise("::1", "631").stderr_has("mdns: not an IPv4 address: \"::1\"");
    advertise("10.0.0.1", "0").stderr_has("mdns: not a port: \"0\"");
}
