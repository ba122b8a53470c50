use super::*;
use crate::provider::fake;

fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:1000").unwrap()
}

#[test]
fn groups_are_joined_and_left_by_interface_and_source() {
    let (socket, group) = (socket(), "224.0.0.251".parse().unwrap());
    let source = "192.0.2.9".parse().unwrap();
    socket.join_multicast(group, "eth0").unwrap();
    socket.join_multicast(group, Interface::Default).unwrap();
    socket.join_source(source, group, 3).unwrap();
    let joined = [
        "224.0.0.251 eth0 any",
        "224.0.0.251 default any",
        "224.0.0.251 3 192.0.2.9",
    ];
    assert_eq!(fake::memberships(socket.id()), joined);
    assert!(socket.join_multicast(group, "eth0").is_err());
    socket.leave_multicast(group, "eth0").unwrap();
    socket.leave_source(source, group, 3).unwrap();
    assert_eq!(fake::memberships(socket.id()), joined[1..2]);
    let error = socket.leave_multicast(group, "eth0").unwrap_err();
    assert_eq!(
        error.to_string(),
        "dropMembership EADDRNOTAVAIL: not an address of this host"
    );
}

#[test]
fn std_names_its_interfaces_by_address_and_index() {
    let socket = socket();
    let (v4, v6) = ("239.1.2.3".parse().unwrap(), "ff02::5".parse().unwrap());
    socket.join_multicast_v4(&v4, &Ipv4Addr::UNSPECIFIED).unwrap();
    socket.join_multicast_v4(&v4, &Ipv4Addr::LOCALHOST).unwrap();
    socket.join_multicast_v6(&v6, 0).unwrap();
    socket.join_multicast_v6(&v6, 2).unwrap();
    socket.leave_multicast_v4(&v4, &Ipv4Addr::UNSPECIFIED).unwrap();
    socket.leave_multicast_v6(&v6, 2).unwrap();
    assert_eq!(
        fake::memberships(socket.id()),
        ["239.1.2.3 127.0.0.1 any", "ff02::5 default any"]
    );
}

#[test]
fn options_are_told_as_they_were_set() {
    let socket = socket();
    assert_eq!(
        (socket.multicast_ttl_v4().unwrap(), socket.multicast_loop_v4().unwrap()),
        (1, true)
    );
    socket.set_multicast_ttl_v4(0).unwrap();
    socket.set_multicast_loop_v6(false).unwrap();
    socket.set_multicast_interface("::%eth0").unwrap();
    assert_eq!(
        (socket.multicast_ttl_v4().unwrap(), socket.multicast_loop_v6().unwrap()),
        (0, false)
    );
    let (ttl, loopback, interface) = fake::multicast_options(socket.id());
    let eth0 = Interface::from("eth0").to_contract();
    assert_eq!((ttl, loopback, interface), (0, false, Some(eth0)));
    let error = socket.set_multicast_ttl_v4(256).unwrap_err();
    assert_eq!(error.to_string(), "setMulticastTTL: a multicast TTL is 0 to 255 hops");
}
