use super::*;
use datagrant_mutations::mutations;

const COOKIE: u64 = 0x0123_4567_89ab_cdef;

/// An answer of a server with a clock of its own.
fn answer() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    bytes[0] = VERSION << 3 | SERVER;
    bytes[1] = 1;
    bytes[12..16].copy_from_slice(b"GPS\0");
    bytes[24..32].copy_from_slice(&COOKIE.to_be_bytes());
    bytes[35] = 7;
    bytes[43] = 8;
    bytes
}

fn read(bytes: &[u8]) -> Result<Reply, Refusal> {
    Request::new(COOKIE).read_reply(bytes)
}

#[track_caller]
fn is_refused(changes: &[(usize, u8)], expected: Refusal) {
    let mut bytes = answer();
    for &(at, byte) in changes {
        bytes[at] = byte;
    }
    assert_eq!(read(&bytes), Err(expected), "{changes:?}");
}

#[test]
fn a_request_holds_a_cookie_and_nothing_else() {
    let mut expected = [0; BYTES];
    expected[0] = 0x23;
    expected[40..].copy_from_slice(&COOKIE.to_be_bytes());
    assert_eq!(Request::new(COOKIE).to_bytes(), expected);
}

#[test]
fn an_answer_is_read() {
    let reply = Reply {
        stratum: 1,
        received: Timestamp(7 << 32),
        sent: Timestamp(8 << 32),
    };
    assert_eq!(read(&answer()).as_ref(), Ok(&reply));
    // Extensions, or a key, may follow.
    assert_eq!(read(&[&answer()[..], &[1; 20]].concat()), Ok(reply));
}

#[test]
fn what_does_not_answer_this_request_is_left_aside() {
    let not = Refusal::NotAnAnswer;
    assert_eq!(read(&answer()[..47]), Err(not("it is shorter than a packet")));
    is_refused(&[(0, 0x23)], not("it is no answer of a server"));
    is_refused(&[(0, 0x1c)], not("it is of another version"));
    is_refused(&[(31, 0)], not("it answers another request"));
}

#[test]
fn a_server_that_does_not_know_the_time_is_not_believed() {
    for changes in [&[(0, 0xe4)][..], &[(1, 16)], &[(1, 0)], &[(35, 0)], &[(43, 0)]] {
        is_refused(changes, Refusal::Unsynchronised);
    }
}

#[test]
fn a_kiss_o_death_is_told_with_its_reason() {
    let code = |code: [u8; 4]| [(1, 0), (12, code[0]), (13, code[1]), (14, code[2]), (15, code[3])];
    is_refused(&code(*b"RATE"), Refusal::Kiss("RATE".to_owned()));
    is_refused(&code(*b"DENY"), Refusal::Kiss("DENY".to_owned()));
    // Anybody can send one: it counts only with the cookie.
    let mut forged = code(*b"DENY").to_vec();
    forged.push((24, 0xff));
    is_refused(&forged, Refusal::NotAnAnswer("it answers another request"));
}

#[test]
fn no_datagram_makes_it_panic() {
    let answer = answer();
    let believed = mutations(&[&answer], 50_000)
        .filter(|datagram| read(datagram).is_ok())
        .count();
    assert!(believed > 100, "{believed}");
}
