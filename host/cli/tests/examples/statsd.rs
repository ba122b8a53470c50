//! `examples/statsd`, written to by Debian's Python client.

use crate::common::{Program, Started, run, unused};
use crate::tool::{missing, tool};
use datagrant_tests::STATSD;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const MODULE: &str = "/usr/lib/python3/dist-packages/statsd";

fn start(at: SocketAddr) -> Started {
    let at = at.to_string();
    let server = run(STATSD).args(["--allow-bind", &at, "--", &at, "0.2"]).start();
    let until = Instant::now() + Duration::from_secs(20);
    while !server.printed().1.contains(&format!("listening on {at}")) {
        assert!(Instant::now() < until, "{:?}", server.printed());
        thread::sleep(Duration::from_millis(2));
    }
    server
}

/// Python with a `client` of the server, or none.
#[track_caller]
fn python(at: SocketAddr, script: &str) -> Option<Program> {
    if !Path::new(MODULE).exists() {
        missing("the Python module statsd", "apt-get install python3-statsd");
        return None;
    }
    let (host, port, ipv6) = (at.ip(), at.port(), if at.is_ipv6() { "True" } else { "False" });
    let client = format!("import statsd\nclient = statsd.StatsClient('{host}', {port}, maxudpsize=8000, ipv6={ipv6})");
    // Debian's own: it has the module.
    Some(tool("/usr/bin/python3", "python3")?.args(["-c", &format!("{client}\n{script}")]))
}

/// The values of a name, one of each flush.
fn values(server: &Started, name: &str) -> Vec<f64> {
    let (printed, _) = server.printed();
    let whole = printed.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines = whole
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    lines.filter_map(|rest| rest.split(' ').next()?.parse().ok()).collect()
}

/// Waits until the flushes have told as many, all together.
#[track_caller]
fn adds_up(server: &Started, name: &str, expected: f64) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let sum: f64 = values(server, name).iter().sum();
        if sum >= expected {
            assert_eq!(sum, expected, "{name}: {:?}", server.printed());
            return;
        }
        assert!(Instant::now() < until, "{name} {sum}: {:?}", server.printed());
        thread::sleep(Duration::from_millis(2));
    }
}

/// Waits for this line, whatever its time.
#[track_caller]
fn tells(server: &mut Started, line: &str) {
    server.wait_for_line(&format!("{line} "));
}

#[test]
fn what_the_python_client_sends_is_added_up() {
    for at in [unused("127.0.0.1"), unused("[::1]")] {
        let mut server = start(at);
        // One datagram: whatever the moment, one flush tells of all of it. Every sample is taken, so that the sum is known.
        let script = "
import random
random.random = lambda: 0
with client.pipeline() as pipe:
    pipe.incr('hits')
    pipe.incr('hits', 4)
    pipe.decr('hits', 2)
    pipe.incr('sampled', 3, rate=0.5)
    pipe.gauge('level', 7)
    pipe.gauge('level', -9, delta=True)
    pipe.gauge('level', 3, delta=True)
    for time in range(1, 101):
        pipe.timing('load', time)
    for who in ['me', 'you', 'me']:
        pipe.set('who', who)
";
        let Some(python) = python(at, script) else { return };
        python.output().status(0).stderr("");
        adds_up(&server, "counters.hits.count", 3.0);
        for line in [
            "counters.sampled.count 6",
            "gauges.level 1",
            "timers.load.count 100",
            "timers.load.lower 1",
            "timers.load.upper 100",
            "timers.load.p50 50",
            "timers.load.p99 99",
            "sets.who.count 2",
        ] {
            tells(&mut server, line);
        }
        adds_up(&server, "statsd.malformed", 0.0);
    }
}

#[test]
fn lines_that_are_no_metrics_are_counted_and_leave_the_others_as_they_are() {
    let at = unused("127.0.0.1");
    let server = start(at);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    for datagram in [
        &b"good:1|c\nbad\nworse:|c\n\ngood:2|c"[..],
        b"",
        b"\xff\xfe",
        b"good:1|c|@0",
        b"good:4|c\n",
    ] {
        client.send_to(datagram, at).expect("it goes");
    }
    adds_up(&server, "counters.good.count", 7.0);
    adds_up(&server, "statsd.malformed", 4.0);
}

#[test]
fn no_datagram_of_a_burst_is_lost() {
    const ROUNDS: u32 = 20;
    let at = unused("127.0.0.1");
    let mut server = start(at);
    // Each round is what the kernel's buffer takes, as fast as the client can: 100 datagrams of three lines.
    let script = "
import sys
for line in sys.stdin:
    for n in range(100):
        with client.pipeline() as pipe:
            pipe.incr('one')
            pipe.incr('two', 2)
            pipe.timing('time', n)
    print('sent', flush=True)
";
    let Some(python) = python(at, script) else { return };
    let mut python = python.stdin(std::process::Stdio::piped()).start();
    for round in 1..=ROUNDS {
        python.says("go\n");
        adds_up(&server, "counters.one.count", f64::from(round * 100));
    }
    adds_up(&server, "counters.two.count", f64::from(ROUNDS * 200));
    adds_up(&server, "timers.time.count", f64::from(ROUNDS * 100));
    tells(&mut server, "statsd.dropped 0");
}

#[test]
fn without_its_grant_it_ends_and_says_what_is_missing() {
    let at = unused("127.0.0.1");
    run(STATSD)
        .args(["--", &at.to_string()])
        .output()
        .status(1)
        .stdout("")
        .stderr(format!(
            "datagrant: refused by the grants: bind {at}: not granted; to allow it: --allow-bind {at}
         statsd: bind *"
        ));
}

#[test]
fn what_its_arguments_lack_is_told() {
    let told = |arguments: &[&str]| run(STATSD).arg("--").args(arguments).output();
    assert!(told(&["--help"]).status(0).stdout.starts_with("Usage: statsd "));
    told(&[])
        .status(1)
        .stderr_has("statsd: an address to listen on is missing");
    told(&["127.0.0.1"])
        .status(1)
        .stderr_has("statsd: not an address and port: \"127.0.0.1\"");
    for seconds in ["0", "-1", "nan", "soon", "4000"] {
        let ended = told(&["127.0.0.1:8125", seconds]).status(1);
        ended.stderr_has(&format!(
            "statsd: not a number of seconds from 0.1 to 3600: {seconds:?}"
        ));
    }
}
