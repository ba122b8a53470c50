//! Joining a group gives what is sent to it, on the interface and from the source of the grant, and nothing else (rule 9).
//! The groups are on the loopback interface, `lo`.

use crate::guest::guest;
use crate::peer::peer;

#[test]
fn nothing_is_joined_by_default_nor_by_other_rights() {
    guest()
        .allow_bind("0.0.0.0:0")
        .allow_bind("239.1.1.1:0")
        .allow_send("0.0.0.0/0:*")
        .allow_send("239.1.1.1@lo:*")
        .tells(
            "create ipv4 -> ok
             bind -> ok 0.0.0.0:*
             join 239.1.1.1@lo -> access-denied
             join 239.1.1.1@127.0.0.1 -> access-denied
             join 239.1.1.1@1 from 127.0.0.1 -> access-denied",
        )
        .refuses(
            "grants: join 239.1.1.1@lo: not granted; fix: join 239.1.1.1@lo
             grants: join 239.1.1.1@lo: not granted; fix: join 239.1.1.1@lo
             grants: join 239.1.1.1@lo from 127.0.0.1: not granted; fix: join 239.1.1.1@lo from 127.0.0.1",
        );
}

#[test]
fn the_fixes_of_a_join_fix_it() {
    guest().tells_when_fixed(
        "create ipv4 -> ok
         bind 0.0.0.0:0 -> ok 0.0.0.0:*
         join 239.1.1.1@lo -> ok
         join 232.1.1.1@lo from 127.0.0.1 -> ok
         b: create ipv6 -> ok
         b: join ff02::fb@lo -> ok
         b: join ::ffff:239.1.1.1@lo -> ok",
    );
}

#[test]
fn a_join_is_of_one_group_on_one_interface() {
    guest()
        .allow_join("239.1.1.1@eth7")
        .allow_join("239.1.2.0/24@lo")
        .tells(
            "create ipv4 -> ok
             join 239.1.1.1@lo -> access-denied
             join 239.1.2.7@lo -> ok
             join 239.1.3.7@lo -> access-denied",
        )
        .refuses(
            "grants: join 239.1.1.1@lo: granted on another interface; fix: join 239.1.1.1@lo
             grants: join 239.1.3.7@lo: not granted; fix: join 239.1.3.7@lo",
        );
}

#[test]
fn a_source_specific_grant_joins_that_source_alone() {
    guest()
        .allow_join("232.1.1.1@lo from 127.0.0.2")
        .tells(
            "create ipv4 -> ok
             join 232.1.1.1@lo -> access-denied
             join 232.1.1.1@lo from 127.0.0.1 -> access-denied
             join 232.1.1.1@lo from 127.0.0.2 -> ok",
        )
        .refuses(
            "grants: join 232.1.1.1@lo: granted from other sources; fix: join 232.1.1.1@lo
             grants: join 232.1.1.1@lo from 127.0.0.1: granted from other sources; fix: join 232.1.1.1@lo from 127.0.0.1",
        );
}

#[test]
fn a_denied_join_wins() {
    guest()
        .allow_join("239.0.0.0/8")
        .deny_join("239.1.1.1@lo")
        .tells(
            "create ipv4 -> ok
             join 239.1.1.1@lo -> access-denied
             join 239.1.1.2@lo -> ok
             b: create ipv6 -> ok
             b: join ::ffff:239.1.1.1@lo -> access-denied",
        )
        .refuses(
            "grants: join 239.1.1.1@lo: denied (deny join 239.1.1.1@lo)
             grants: join 239.1.1.1@lo: denied (deny join 239.1.1.1@lo)",
        );
}

#[test]
fn an_interface_that_is_missing_is_told_only_to_whom_a_grant_speaks_of_it() {
    guest()
        .allow_join("239.1.1.1@missing0")
        .allow_join("239.2.2.2")
        .tells(
            "create ipv4 -> ok
             join 239.1.1.1@missing0 -> no-such-interface
             join 239.1.1.1@missing1 -> access-denied
             join 239.1.1.1@lo -> access-denied
             join 239.1.1.1@999999 -> access-denied
             join 239.1.1.1@192.0.2.77 -> access-denied
             join 239.2.2.2@missing1 -> no-such-interface
             join 239.2.2.2@999999 -> no-such-interface
             join 239.2.2.2@192.0.2.77 -> no-such-interface
             leave 239.3.3.3@lo -> address-not-bindable
             leave 239.3.3.3@missing1 -> address-not-bindable
             leave 239.2.2.2@missing1 -> no-such-interface",
        )
        .refuses(
            "grants: join 239.1.1.1@missing1: granted on another interface; fix: join 239.1.1.1@missing1
             grants: join 239.1.1.1@lo: granted on another interface; fix: join 239.1.1.1@lo
             grants: join 239.1.1.1@999999: granted on another interface; fix: join 239.1.1.1@999999
             grants: join 239.1.1.1: granted on another interface; fix: join 239.1.1.1",
        );
}

#[test]
fn joining_gives_no_bind_and_no_send() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    guest()
        .allow_join("239.1.1.1@lo")
        .tells(format!(
            "create ipv4 -> ok
             join 239.1.1.1@lo -> ok
             bind -> access-denied
             bind 239.1.1.1:0 -> access-denied
             send 239.1.1.1:9 x -> access-denied
             send {to} x -> access-denied"
        ))
        .refuses(format!(
            "grants: bind 0.0.0.0:0: not granted; fix: bind 0.0.0.0:0
             grants: bind 239.1.1.1:0: not granted; fix: bind 239.1.1.1:0
             grants: send 239.1.1.1*
             grants: send {to}: not granted; fix: send {to}"
        ));
}

#[test]
fn a_bind_to_a_group_takes_both_rights_and_receives_the_group_alone() {
    guest()
        .allow_bind("239.1.1.1:0")
        .allow_bind("0.0.0.0:0")
        .allow_join("239.1.1.1@lo")
        .allow_send("239.1.1.1@lo:*")
        .allow_send("@loopback:*")
        .tells(
            "create ipv4 -> ok
             bind 239.1.1.1:0 -> ok 239.1.1.1:*
             join 239.1.1.1@lo -> ok
             b: create ipv4 -> ok
             b: multicast-interface 127.0.0.1 -> ok
             b: send 127.0.0.1:@a unicast -> ok
             b: send 239.1.1.1:@a group -> ok
             receive 5000 -> message \"group\" from *",
        )
        .refuses("");
    guest()
        .allow_bind("0.0.0.0:0")
        .allow_join("239.1.1.1@lo")
        .tells(
            "create ipv4 -> ok
             bind 239.1.1.1:0 -> access-denied",
        )
        .refuses("grants: bind 239.1.1.1:0: not granted; fix: bind 239.1.1.1:0");
}

#[test]
fn a_client_socket_that_joined_hears_nobody_that_it_did_not_write_to() {
    guest()
        .allow_join("239.1.1.1@lo")
        .allow_send("239.1.1.1@lo:*")
        .tells(
            "create ipv4 -> ok
             multicast-interface lo -> ok
             send 239.1.1.1:9 first -> ok
             join 239.1.1.1@lo -> ok
             b: create ipv4 -> ok
             b: multicast-interface lo -> ok
             b: send 239.1.1.1:@a heard? -> ok
             receive 300 -> nothing",
        )
        .refuses("");
}
