use super::*;
use coap_lite::{CoapOption, RequestType, ResponseType};
use datagrant_mutations::mutations;

const ME: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 4000);

fn request(kind: MessageType, method: RequestType, path: &str, payload: &[u8]) -> Packet {
    let mut request = Packet::new();
    request.header.set_version(1);
    request.header.set_type(kind);
    request.header.code = MessageClass::Request(method);
    request.header.message_id = 7;
    request.set_token(b"tok".to_vec());
    for segment in path.split('/') {
        request.add_option(CoapOption::UriPath, segment.into());
    }
    request.payload = payload.to_vec();
    request
}

fn put(path: &str, payload: &[u8]) -> Packet {
    request(MessageType::Confirmable, RequestType::Put, path, payload)
}

fn get(path: &str) -> Packet {
    request(MessageType::Confirmable, RequestType::Get, path, b"")
}

/// A server, and messages that it gets one after another.
#[derive(Default)]
struct Server {
    messages: Messages,
    last_id: u16,
}

impl Server {
    fn bytes(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.messages.answer(bytes, ME, Instant::now())
    }

    /// With a message id of its own.
    fn asks(&mut self, mut request: Packet) -> Packet {
        self.last_id += 1;
        request.header.message_id = self.last_id;
        let answer = self.bytes(&request.to_bytes().expect("bytes")).expect("an answer");
        let answer = Packet::from_bytes(&answer).expect("it can be read");
        assert_eq!((answer.get_token(), answer.header.get_version()), (&b"tok"[..], 1));
        answer
    }

    #[track_caller]
    fn answers(&mut self, request: Packet, code: ResponseType) -> Packet {
        let answer = self.asks(request);
        assert_eq!(answer.header.code, MessageClass::Response(code));
        answer
    }
}

fn with_option(mut request: Packet, number: u16, value: &[u8]) -> Packet {
    request.add_option(CoapOption::from(number), value.to_vec());
    request
}

#[test]
fn what_is_put_is_got_until_it_is_deleted() {
    let mut server = Server::default();
    server.answers(get("a/b"), ResponseType::NotFound);
    server.answers(put("a/b", b"one"), ResponseType::Created);
    server.answers(put("a/b", b"two"), ResponseType::Changed);
    assert_eq!(server.answers(get("a/b"), ResponseType::Content).payload, b"two");
    let delete = request(MessageType::Confirmable, RequestType::Delete, "a/b", b"");
    server.answers(delete, ResponseType::Deleted);
    server.answers(get("a/b"), ResponseType::NotFound);
}

#[test]
fn what_there_is_stands_in_the_list_of_links() {
    let mut server = Server::default();
    server.answers(put("a", b"one"), ResponseType::Created);
    server.answers(with_option(put("b/c", b"{}"), 12, &[50]), ResponseType::Created);
    let links = server.answers(get(".well-known/core"), ResponseType::Content);
    assert_eq!(
        links.payload,
        b"</.well-known/core>;ct=40,</a>;ct=0;sz=3,</b/c>;ct=50;sz=2"
    );
    assert_eq!(links.get_first_option(CoapOption::ContentFormat), Some(&vec![40]));
    server.answers(put(".well-known/core", b"mine"), ResponseType::MethodNotAllowed);
}

#[test]
fn who_has_it_already_is_told_that_it_is_still_so() {
    let mut server = Server::default();
    server.answers(put("a", b"one"), ResponseType::Created);
    let answer = server.asks(get("a"));
    let tag = answer.get_first_option(CoapOption::ETag).expect("a tag");
    let answer = server.answers(with_option(get("a"), 4, tag), ResponseType::Valid);
    assert!(answer.payload.is_empty());
    server.answers(put("a", b"two"), ResponseType::Changed);
    let answer = server.answers(with_option(get("a"), 4, tag), ResponseType::Content);
    assert_eq!(answer.payload, b"two");
}

#[test]
fn a_message_that_comes_again_is_answered_as_before_and_not_done_again() {
    let mut server = Server::default();
    let message = put("a", b"one").to_bytes().expect("bytes");
    let first = server.bytes(&message).expect("an answer");
    assert_eq!(
        (first[1], &first[2..4]),
        (0x41, &[0, 7][..]),
        "created, on the acknowledgement"
    );
    assert_eq!(server.bytes(&message), Some(first), "not: changed");

    // From another port it is another message.
    let other = SocketAddr::new(ME.ip(), 4001);
    let answer = server
        .messages
        .answer(&message, other, Instant::now())
        .expect("an answer");
    assert_eq!(answer[1], 0x44);
    // After EXCHANGE_LIFETIME too.
    let later = Instant::now() + REMEMBERED + Duration::from_secs(1);
    let answer = server.messages.answer(&message, ME, later).expect("an answer");
    assert_eq!(answer[1], 0x44);
}

#[test]
fn what_is_not_confirmable_is_answered_by_such_a_message_and_once() {
    let mut server = Server::default();
    let message = request(MessageType::NonConfirmable, RequestType::Get, "a", b"");
    let message = message.to_bytes().expect("bytes");
    let answer = server.bytes(&message).expect("an answer");
    let answer = Packet::from_bytes(&answer).expect("it can be read");
    assert_eq!(answer.header.get_type(), MessageType::NonConfirmable);
    assert_eq!(server.bytes(&message), None);
}

#[test]
fn more_messages_than_it_remembers_push_the_oldest_out() {
    let mut server = Server::default();
    for _ in 0..3 * MOST_REMEMBERED {
        server.asks(get("a"));
    }
    assert_eq!(server.messages.answers.len(), MOST_REMEMBERED);
    assert_eq!(server.messages.order.len(), MOST_REMEMBERED);
}

#[test]
fn what_is_no_request_is_reset_or_ignored() {
    let mut server = Server::default();
    let reset = Some(vec![0x70, 0, 0, 9]);
    assert_eq!(server.bytes(&[0x40, 0, 0, 9]), reset, "a ping");
    assert_eq!(
        server.bytes(&[0x40, 0x45, 0, 9]),
        reset,
        "an answer that nobody asked for"
    );
    assert_eq!(server.bytes(&[0x49, 1, 0, 9]), reset, "a token of nine bytes");
    assert_eq!(server.bytes(&[0x40, 1, 0, 9, 0xff]), reset, "a marker and no payload");
    assert_eq!(server.bytes(&[0x40, 1, 0, 9, 0xf0]), reset, "an option that cannot be");
    let ignored: [&[u8]; 7] = [
        &[0x50, 0x45, 0, 9],
        &[0x60, 0, 0, 9],
        &[0x60, 1, 0, 9],
        &[0x70, 0, 0, 9],
        &[0x80, 1, 0, 9],
        &[0x40, 1, 0],
        &[],
    ];
    for ignored in ignored {
        assert_eq!(server.bytes(ignored), None, "{ignored:?}");
    }
}

#[test]
fn what_it_does_not_understand_it_says() {
    let mut server = Server::default();
    let post = request(MessageType::Confirmable, RequestType::Post, "a", b"");
    server.answers(post, ResponseType::MethodNotAllowed);
    // If-Match, and an option that nobody knows.
    server.answers(with_option(put("a", b""), 1, b"x"), ResponseType::BadOption);
    server.answers(with_option(get("a"), 65_001, b"x"), ResponseType::BadOption);
    // An even number may be ignored: it is not found.
    server.answers(with_option(get("a"), 65_000, b"x"), ResponseType::NotFound);
    server.answers(
        with_option(get("a"), 35, b"coap://a"),
        ResponseType::ProxyingNotSupported,
    );
    server.answers(put("a/b c", b""), ResponseType::BadRequest);
    server.answers(put("a", b""), ResponseType::Created);
    server.answers(with_option(get("a"), 17, &[50]), ResponseType::NotAcceptable);
    // Nobody waits for an answer to what is not confirmable.
    let quiet = request(MessageType::NonConfirmable, RequestType::Get, "a", b"");
    let quiet = with_option(quiet, 65_001, b"x").to_bytes().expect("bytes");
    assert_eq!(server.bytes(&quiet), None);
}

#[test]
fn more_than_a_hundred_resources_are_not_taken() {
    let mut server = Server::default();
    for n in 0..100 {
        server.answers(put(&format!("r{n}"), b""), ResponseType::Created);
    }
    server.answers(put("r100", b""), ResponseType::ServiceUnavailable);
    server.answers(put("r99", b"new"), ResponseType::Changed);
}

#[test]
fn no_datagram_makes_it_panic_or_say_more_than_it_may() {
    let mut server = Server::default();
    server.answers(put("a", &[7; 1000]), ResponseType::Created);
    let samples = [
        put("a", b"one"),
        get("a"),
        get(".well-known/core"),
        with_option(get("a"), 23, &[0x12]),
        with_option(put("b", &[7; 32]), 27, &[0x09]),
    ];
    let samples = samples.map(|request| request.to_bytes().expect("bytes"));
    let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
    let mut answered = 0;
    for datagram in mutations(&samples, 50_000) {
        let Some(answer) = server.bytes(&datagram) else {
            continue;
        };
        answered += 1;
        assert!(answer.len() <= 1100 && answer[0] >> 6 == 1, "{datagram:?}");
        assert!(
            matches!(answer[0] >> 4 & 3, 1..=3),
            "none wants to be confirmed: {datagram:?}"
        );
    }
    assert!(answered > 10_000, "{answered}");
}
