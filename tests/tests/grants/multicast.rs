//! What is sent to a group is judged with the interface that it leaves by, however the guest says which (rule 9); what a
//! guest learns of interfaces is what grants name.

use crate::guest::guest;

#[test]
fn a_send_right_must_name_the_group_the_interface_and_the_port() {
    guest()
        .allow_send("239.1.1.1@lo:5000")
        .allow_send("239.2.0.0/16@missing0:*")
        .tells(
            "create ipv4 -> ok
             multicast-interface lo -> ok
             send 239.1.1.1:5000 x -> ok
             send 239.1.1.1:5001 x -> access-denied
             send 239.1.1.2:5000 x -> access-denied
             send 239.2.1.1:5000 x -> access-denied
             connect 239.2.1.1:5000 -> access-denied
             burst 239.1.1.1:5000 one + 239.2.1.1:5000 two -> sent 1, then access-denied
             connect 239.1.1.1:5000 -> ok *
             send - x -> ok
             bursts on -> ok
             send - y -> ok",
        )
        .refuses(
            "grants: send 239.1.1.1@lo:5001: not granted; fix: send 239.1.1.1@lo:5001
             grants: send 239.1.1.2@lo:5000: not granted; fix: send 239.1.1.2@lo:5000
             grants: send 239.2.1.1@lo:5000: granted on another interface; fix: send 239.2.1.1@lo:5000
             grants: connect 239.2.1.1@lo:5000: granted on another interface; fix: send 239.2.1.1@lo:5000
             grants: send 239.2.1.1@lo:5000: granted on another interface; fix: send 239.2.1.1@lo:5000",
        );
}

#[test]
fn the_fixes_of_a_send_to_a_group_fix_it() {
    guest().allow_send("239.9.9.9@lo:9").tells_when_fixed(
        "create ipv4 -> ok
         multicast-interface lo -> ok
         send 239.1.1.1:5000 x -> ok
         b: create ipv6 -> ok
         b: multicast-interface lo -> ok
         b: send [::ffff:239.1.1.1]:5001 x -> ok",
    );
}

#[test]
fn a_denied_send_covers_groups_by_name_by_interface_and_by_cidr() {
    for deny in ["239.1.1.1:*", "239.1.1.1@lo:5000", "239.0.0.0/8@1:5000", "0.0.0.0/0:*"] {
        guest()
            .allow_send("239.0.0.0/8:*")
            .deny_send(deny)
            .tells(
                "create ipv4 -> ok
                 multicast-interface lo -> ok
                 send 239.1.1.1:5000 x -> access-denied
                 b: create ipv6 -> ok
                 b: multicast-interface lo -> ok
                 b: send [::ffff:239.1.1.1]:5000 x -> access-denied",
            )
            .refuses(format!(
                "grants: send 239.1.1.1@lo:5000: denied (deny send {deny})
                 grants: send 239.1.1.1@lo:5000: denied (deny send {deny})"
            ));
    }
}

#[test]
fn an_interface_without_a_grant_looks_as_if_it_did_not_exist() {
    guest()
        .allow_send("239.1.1.1@missing0:5000")
        .allow_send("[fe80::1%missing1]:5000")
        .tells(
            "create ipv4 -> ok
             multicast-interface lo -> no-such-interface
             multicast-interface 1 -> no-such-interface
             multicast-interface 127.0.0.1 -> no-such-interface
             multicast-interface missing0 -> no-such-interface
             multicast-interface missing1 -> no-such-interface
             multicast-interface default -> ok
             zone-index lo -> no-such-interface
             zone-name 1 -> no-such-interface
             zone-index missing0 -> no-such-interface",
        )
        .refuses(
            "grants: multicast-interface lo: no grant is for groups on that interface
             grants: multicast-interface lo: no grant is for groups on that interface
             grants: multicast-interface lo: no grant is for groups on that interface
             grants: multicast-interface missing1: no grant is for groups on that interface",
        );
}

#[test]
fn a_grant_that_names_an_interface_shows_it() {
    for grant in ["239.1.1.1@lo", "239.1.1.1@1"] {
        guest()
            .allow_join(grant)
            .tells(
                "zone-index lo -> ok 1
                 zone-name 1 -> ok lo
                 zone-name 2 -> no-such-interface",
            )
            .refuses("");
    }
    guest()
        .allow_join("239.1.1.1")
        .deny_join("239.1.1.1@lo")
        .tells("zone-index lo -> no-such-interface")
        .refuses("");
}

#[test]
fn a_socket_receives_what_it_joined_and_not_what_another_did() {
    guest()
        .allow_bind("0.0.0.0:0")
        .allow_join("239.1.0.0/16@lo")
        .allow_send("239.1.0.0/16@lo:*")
        .tells(
            "create ipv4 -> ok
             bind -> ok 0.0.0.0:*
             join 239.1.1.1@lo -> ok
             b: create ipv4 -> ok
             b: bind -> ok 0.0.0.0:*
             b: join 239.1.1.2@lo -> ok
             b: multicast-interface lo -> ok
             b: send 239.1.1.2:@a not-for-a -> ok
             b: send 239.1.1.1:@a for-a -> ok
             receive 5000 -> message \"for-a\" from *
             b: send 239.1.1.1:@b not-for-b -> ok
             b: receive 300 -> nothing",
        )
        .refuses("");
}

#[test]
fn a_member_may_answer_who_wrote_to_the_group() {
    guest()
        .allow_bind("0.0.0.0:0")
        .allow_join("239.1.1.1@lo")
        .allow_send("239.1.1.1@lo:*")
        .tells(
            "create ipv4 -> ok
             bind -> ok 0.0.0.0:*
             join 239.1.1.1@lo -> ok
             b: create ipv4 -> ok
             b: bind -> ok 0.0.0.0:*
             b: multicast-interface lo -> ok
             b: send 239.1.1.1:@a anyone? -> ok
             receive 5000 -> message \"anyone?\" from *
             reply here -> ok
             b: receive 5000 -> message \"here\" from *",
        )
        .refuses("");
}
