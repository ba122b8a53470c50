//! Each right, allowed and denied, against each kind of address.

use super::*;

/// `+` permitted, `-` not granted, `!` denied by a pattern, `x` refused whatever is granted.
fn mark<T>(decision: Result<T, Denial>) -> char {
    match decision.map_err(|denial| denial.reason()) {
        Ok(_) => '+',
        Err(Reason::NotGranted | Reason::NotShared | Reason::BroadcastNeedsGrant) => '-',
        Err(Reason::Denied | Reason::WildcardOverlapsDeny) => '!',
        Err(_) => 'x',
    }
}

#[track_caller]
fn assert_marks(phrases: &str, judge: impl Fn(&Grants, &str) -> char, marks: &str) {
    let grants = grants(phrases);
    let marks: Vec<char> = marks.chars().filter(|mark| *mark != ' ').collect();
    assert_eq!(marks.len(), KINDS.len(), "each kind has its mark");
    for (kind, expected) in KINDS.iter().zip(marks) {
        assert_eq!(judge(&grants, kind), expected, "{phrases}: {kind}");
    }
}

/// IPv4, IPv6, mapped and embedded; loopback, private, link-local, public, documentation, multicast, broadcast and
/// unspecified.
const KINDS: &[&str] = &[
    "127.0.0.1",
    "10.0.0.7",
    "169.254.1.1",
    "8.8.8.8",
    "192.0.2.1",
    "224.0.0.251",
    "255.255.255.255",
    "0.0.0.0",
    "[::1]",
    "[fd00::1]",
    "[fe80::1%2]",
    "[2600::1]",
    "[2001:db8::1]",
    "[ff02::fb%2]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:255.255.255.255]",
    "[::ffff:0.0.0.0]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::8.8.8.8]",
    "[2002:808:808::1]",
    "[::8.8.8.8]",
];

macro_rules! table {
    ($($name:ident: $judge:ident($phrases:literal) $marks:literal;)+) => {
        $(#[test] fn $name() { assert_marks($phrases, $judge, $marks); })+
    };
}

fn sending(grants: &Grants, host: &str) -> char {
    let address = format!("{host}:53");
    let sent = mark(decide(grants, &send(&address, CLIENT)));
    let connected = mark(decide(grants, &connect(&address)));
    assert_eq!(
        sent, connected,
        "a datagram is refused wherever a connect would be: {host}"
    );
    sent
}

fn replying(grants: &Grants, host: &str) -> char {
    mark(decide(grants, &send(&format!("{host}:53"), REPLY)))
}

fn broadcasting(grants: &Grants, host: &str) -> char {
    let facts = SendFacts {
        broadcast: true,
        ..CLIENT
    };
    mark(decide(grants, &send(&format!("{host}:53"), facts)))
}

fn binding(grants: &Grants, host: &str) -> char {
    mark(decide(grants, &bind(&format!("{host}:53"))))
}

// Columns as in KINDS: IPv4, IPv6, mapped, embedded.
table! {
    nothing_is_sent_by_default: sending("") "------xx ------x --xx ----";
    sending_to_loopback: sending("allow send @loopback:53") "+-----xx +-----x +-xx ----";
    sending_to_private: sending("allow send @private:53") "-+----xx -+----x --xx ----";
    sending_to_link_local: sending("allow send @link-local:53") "--+---xx --+---x --xx ----";
    sending_to_a_star: sending("allow send *:53") "---+--xx ---+--x -+xx -+--";
    sending_to_all_of_ipv4: sending("allow send 0.0.0.0/0:53") "+++++-xx ------x ++xx ----";
    sending_to_all_of_ipv6: sending("allow send [::/0]:53") "------xx +++++-x --xx ----";
    sending_to_all: sending("allow send 0.0.0.0/0:53\n allow send [::/0]:53") "+++++-xx +++++-x ++xx ++++";
    sending_to_all_but_global: sending("allow send 0.0.0.0/0:53\n allow send [::/0]:53\n deny send *:*")
        "+++!+-xx +++!+-x +!xx !!!!";
    sending_with_ipv4_denied: sending("allow send [::/0]:53\n deny send 0.0.0.0/0:*") "!!!!!!!x +++++-x !!!x !!!!";
    sending_with_ipv6_denied: sending("allow send 0.0.0.0/0:53\n deny send [::/0]:*") "+++++-xx !!!!!!x ++xx !!!!";
    a_broadcast_grant_sends_nothing: sending("allow broadcast 192.0.2.255:53") "------xx ------x --xx ----";

    replies: replying("") "++x++-xx +++++-x ++xx ++++";
    replies_with_loopback_denied: replying("deny send @loopback:*") "!+x++-xx !++++-x !+xx !+++";
    replies_with_ipv6_denied: replying("deny send [::/0]:53") "++x++-xx !!!!!!x ++xx !!!!";

    nothing_is_broadcast_by_default: broadcasting("") "-------x ------x ---x ----";
    broadcasting_to_the_limited_address: broadcasting("allow broadcast 255.255.255.255:53")
        "------+x ------x --+x ----";
    broadcasting_to_a_subnet: broadcasting("allow broadcast 10.0.0.7:53") "-+-----x ------x ---x ----";
    broadcasting_denied: broadcasting("allow broadcast 255.255.255.255:53\n deny broadcast 255.255.255.255:53")
        "------!x ------x --!x ----";
    a_send_grant_broadcasts_nothing: broadcasting("allow send 0.0.0.0/0:*") "+++++--x ------x ++-x ----";

    nothing_is_bound_by_default: binding("") "------x- ------- --x- ----";
    binding_the_ipv4_wildcard: binding("allow bind 0.0.0.0:53") "+++++-x+ ------- ++x+ ----";
    binding_the_ipv6_wildcard: binding("allow bind [::]:53") "------x- +++++-+ --x- ++++";
    binding_loopback: binding("allow bind @loopback:53") "+-----x- +------ +-x- ----";
    binding_private: binding("allow bind @private:53") "-+----x- -+----- --x- ----";
    binding_link_local: binding("allow bind @link-local:53") "--+---x- --+---- --x- ----";
    binding_a_cidr_of_all: binding("allow bind 0.0.0.0/0:53\n allow bind [::/0]:53") "+++++-x- +++++-- ++x- ++++";
    binding_all_but_127: binding("allow bind 0.0.0.0:53\n allow bind [::]:53\n deny bind 127.0.0.0/8:53")
        "!++++-x! +++++-+ !+x! ++++";
    binding_all_but_private: binding("allow bind 0.0.0.0:53\n allow bind [::]:53\n deny bind @private:*")
        "+!+++-x! +!+++-! ++x! ++++";
}
