//! Broadcasts, limited and directed to the subnet.

use crate::guest::{guest, receives};
use crate::lan::{lan, routed};
use datagrant_tests::network::Network;

#[test]
fn a_broadcast_reaches_its_subnet_and_no_other() {
    let Some(network) = Network::new() else { return };
    let net = routed::<3, 1>(&network);
    let listeners: [_; 2] = std::array::from_fn(|i| {
        let mut listener = guest(
            &net.left[i + 1],
            &["--allow-bind=0.0.0.0:5000"],
            "create ipv4 -> ok
             bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
             receive -> message \"limited\" from 10.0.1.1:5001
             receive -> message \"directed\" from 10.0.1.1:5001",
        );
        listener.has_done("bind 0.0.0.0:5000");
        listener
    });
    let (elsewhere, last) = (net.right[0].wire(), net.right[0].socket("10.0.2.1:5000"));
    let mut sender = guest(
        &net.left[0],
        &[
            "--allow-bind=0.0.0.0:5001",
            "--allow-broadcast=255.255.255.255:5000",
            "--allow-broadcast=10.0.1.255:5000",
            "--allow-send=10.0.2.1:5000",
        ],
        "create ipv4 -> ok
         bind 0.0.0.0:5001 -> ok 0.0.0.0:5001
         broadcast on -> ok
         send 255.255.255.255:5000 limited -> ok
         input -> \"\\n\"
         send 10.0.1.255:5000 directed -> ok
         send 10.0.2.1:5000 last -> ok",
    );
    let mut listeners = listeners;
    for listener in &mut listeners {
        listener.has_done("receive");
    }
    sender.goes_on();
    sender.ends("");
    for listener in listeners {
        listener.ends("");
    }
    assert_eq!(receives(&last).0, "last");
    let seen: Vec<String> = elsewhere.until("last").into_iter().map(|p| p.payload).collect();
    assert_eq!(seen, ["last"]);
}

#[test]
fn without_the_grant_or_the_switch_no_broadcast_leaves() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    let wire = net.hosts[1].wire();
    let no_grant = guest(
        &net.hosts[0],
        &["--allow-send=10.0.0.0/24:*", "--allow-send=*:*"],
        "create ipv4 -> ok
         broadcast on -> ok
         send 10.0.0.255:5000 x -> access-denied
         send 255.255.255.255:5000 x -> access-denied
         send 10.0.0.2:5000 one -> ok",
    );
    no_grant.ends(
        "refused by the kernel: send 10.0.0.255:5000: Permission denied (os error 13)
         refused by the grants: send 255.255.255.255:5000: a broadcast needs a broadcast grant; to allow it: --allow-broadcast 255.255.255.255:5000",
    );
    let no_switch = guest(
        &net.hosts[0],
        &[
            "--allow-broadcast=10.0.0.255:5000",
            "--allow-broadcast=255.255.255.255:5000",
            "--allow-send=10.0.0.2:5000",
        ],
        "create ipv4 -> ok
         send 10.0.0.255:5000 x -> access-denied
         send 255.255.255.255:5000 x -> access-denied
         send 10.0.0.2:5000 two -> ok",
    );
    no_switch.ends(
        "refused by the grants: send 10.0.0.255:5000: the guest did not switch broadcast on; no flag allows it
         refused by the grants: send 255.255.255.255:5000: the guest did not switch broadcast on; no flag allows it",
    );
    let seen: Vec<String> = wire.until("two").into_iter().map(|p| p.payload).collect();
    assert_eq!(seen, ["one", "two"]);
}
