//! IPv4 embedded in IPv6 is judged as both addresses.

use super::*;

/// 10.0.0.7 as IPv4-compatible, NAT64 and 6to4.
const FORMS: [&str; 3] = ["[::10.0.0.7]:53", "[64:ff9b::10.0.0.7]:53", "[2002:a00:7::1]:53"];

#[test]
fn both_addresses_must_be_granted() {
    let (v6, v4) = (grants("allow send [::/0]:53"), grants("allow send 10.0.0.7:53"));
    let both = grants("allow send [::/0]:53\n allow send 10.0.0.7:53");
    for form in FORMS {
        assert_via(&both, &send(form, CLIENT), Via::Grant);
        assert_eq!(decide(&both, &connect(form)), Ok(()));
        let address = endpoint(form);
        let line = format!("send {address}: not granted for the embedded 10.0.0.7");
        assert_denied(&v6, &send(form, CLIENT), &line, &["send 10.0.0.7:53"]);
        let line = format!("send {address}: not granted");
        let fix = format!("send {address}");
        assert_denied(&v4, &send(form, CLIENT), &line, &[&fix]);
        assert_denied(&Grants::new(), &send(form, CLIENT), &line, &[&fix, "send 10.0.0.7:53"]);
    }
}

#[test]
fn either_denial_wins_also_for_replies() {
    let v4 = grants("allow send [::/0]:53\n allow send 10.0.0.7:53\n deny send @private:*");
    let v6 = grants("allow send [::/0]:53\n allow send 10.0.0.7:53\n deny send [::/0]:*");
    for form in FORMS {
        let address = endpoint(form);
        for facts in [CLIENT, REPLY] {
            let line = format!("send {address}: denied for the embedded 10.0.0.7 (deny send @private:*)");
            assert_denied(&v4, &send(form, facts), &line, &[]);
            let line = format!("send {address}: denied (deny send [::/0]:*)");
            assert_denied(&v6, &send(form, facts), &line, &[]);
        }
        assert_via(&Grants::new(), &send(form, REPLY), Via::Reply);
    }
}

#[test]
fn a_reply_does_not_go_to_an_embedded_link_local_address() {
    let line = "send [64:ff9b::a9fe:101]:53: a reply does not go to an IPv4 link-local address";
    let fixes = ["send [64:ff9b::a9fe:101]:53", "send 169.254.1.1:53"];
    assert_denied(&Grants::new(), &send("[64:ff9b::169.254.1.1]:53", REPLY), line, &fixes);
}

#[test]
fn a_star_reaches_a_global_address_behind_nat64_and_no_private_one() {
    let grants = grants("allow send *:53");
    assert_via(&grants, &send("[64:ff9b::8.8.8.8]:53", CLIENT), Via::Grant);
    assert!(decide(&grants, &send("[64:ff9b::10.0.0.7]:53", CLIENT)).is_err());
    assert!(decide(&grants, &send("[64:ff9b::127.0.0.1]:53", CLIENT)).is_err());
}

#[test]
fn special_addresses_are_refused_when_embedded() {
    let grants = grants("allow send [::/0]:*\n allow send 0.0.0.0/0:*");
    for (address, reason) in [
        ("[64:ff9b::]:53", Reason::UnspecifiedDestination),
        ("[2002::1]:53", Reason::UnspecifiedDestination),
        ("[64:ff9b::224.0.0.1]:53", Reason::EmbeddedMulticast),
        ("[2002:ffff:ffff::1]:53", Reason::BroadcastNeedsGrant),
    ] {
        for facts in [CLIENT, REPLY] {
            let denial = decide(&grants, &send(address, facts)).unwrap_err();
            assert_eq!((denial.reason(), denial.fix()), (reason, None), "{address}");
        }
    }
}
