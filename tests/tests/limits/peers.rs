//! How many peers a socket remembers.

use crate::held::limited;
use crate::peer::{Peer, peer};
use datagrant::Limit;

#[test]
fn a_flood_of_peers_makes_the_oldest_ones_forgotten_and_never_the_last() {
    let peers: Vec<Peer> = (0..200).map(|_| peer("127.0.0.1:0")).collect();
    let signal = peer("127.0.0.1:0");
    let (first, last) = (peers[0].address, peers[199].address);
    let in_the_last_burst = peers[199 - 63].address;
    let story = crate::guest::guest()
        .allow_bind("127.0.0.1:0")
        .limited(Limit::Peers, 128)
        .starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: create ipv4 -> ok
             b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: receive 10000 -> message \"go\" from *
             events -> *
             send {first} x -> access-denied
             send {last} x -> ok
             send {in_the_last_burst} x -> ok"
        ));
    let at = story.address("bind 127.0.0.1:0");
    peers.iter().for_each(|peer| peer.sends("x", at));
    signal.sends("go", story.address("b: bind 127.0.0.1:0"));
    let told = story.ends();
    told.exceeds_only(Limit::Peers);
    let (_, forgotten) = told.0.exceeded[0];
    // The half that is filling, the half that is full, and the last one.
    assert!((200 - 129..200 - 64).contains(&forgotten), "{forgotten}");
    peers[0].has_nothing();
    assert_eq!(peers[199].receives().0, "x");
}

#[test]
fn a_client_forgets_whom_it_wrote_to_first() {
    let (first, last) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let others: Vec<Peer> = (0..200).map(|_| peer("127.0.0.1:0")).collect();
    let sends: Vec<String> = others
        .iter()
        .map(|other| format!("send {} x -> ok", other.address))
        .collect();
    let story = limited(Limit::Peers, 128).starts(format!(
        "create ipv4 -> ok
         send {} question -> ok
         {}
         send {} question -> ok
         local -> ok 0.0.0.0:*
         receive 10000 -> message \"answer\" from {}",
        first.address,
        sends.join("\n"),
        last.address,
        last.address
    ));
    let port = story.address("local").port();
    for answering in [&first, &last] {
        assert_eq!(answering.receives().0, "question");
        answering.sends("answer", ([127, 0, 0, 1], port).into());
    }
    story.ends().exceeds_only(Limit::Peers);
}
