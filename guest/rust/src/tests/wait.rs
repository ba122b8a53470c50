use super::*;
use crate::provider::fake;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn one_wait_is_for_two_sockets_and_a_timeout() {
    let one = UdpSocket::bind("127.0.0.1:1000").unwrap();
    let two = UdpSocket::bind("127.0.0.1:2000").unwrap();
    let on = Interest::new().receive(&one).receive(&two);
    assert!(wait(&on, Some(SECOND)).unwrap().is_empty());
    for (socket, other) in [(&one, &two), (&two, &one)] {
        let id = socket.id();
        fake::later(SECOND, move || fake::inject(id, fake::message("192.0.2.1:9", b"x")));
        let ready = wait(&on, None).unwrap();
        assert!(ready.receive(socket) && !ready.receive(other) && !ready.send(socket));
        socket.recv(&mut [0; 9]).unwrap();
    }
    assert_eq!(fake::elapsed(), 3 * SECOND);
}

#[test]
fn what_waits_in_the_memory_of_the_guest_is_ready() {
    let one = UdpSocket::bind("127.0.0.1:1000").unwrap();
    one.send_to(b"x", "127.0.0.1:1000").unwrap();
    one.peek(&mut [0; 9]).unwrap(); // taken from the provider
    assert!(wait(&Interest::new().receive(&one), None).unwrap().receive(&one));
}

#[test]
fn room_to_send_is_waited_for_apart_from_data() {
    let one = UdpSocket::bind("127.0.0.1:1000").unwrap();
    fake::set_room(one.id(), 0);
    fake::inject(one.id(), fake::message("192.0.2.1:9", b"x"));
    assert!(wait(&Interest::new().send(&one), Some(SECOND)).unwrap().is_empty());
    fake::set_room(one.id(), 1);
    assert!(wait(&Interest::new().send(&one), None).unwrap().send(&one));
}

#[test]
fn waiting_for_nothing_needs_a_timeout() {
    assert_eq!(
        wait(&Interest::new(), None).unwrap_err().kind(),
        io::ErrorKind::InvalidInput
    );
    assert!(wait(&Interest::new(), Some(SECOND)).unwrap().is_empty());
    assert_eq!(fake::elapsed(), SECOND);
}
