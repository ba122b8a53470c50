//! What the parser refuses, word by word.

use super::*;

#[track_caller]
fn assert_error(right: Right, pattern: &str, rest: &str) {
    let mut grants = Grants::new();
    let error = match grants.allow(right, pattern) {
        Ok(grants) => panic!("read as {}", grants.allowed(right).next().unwrap()),
        Err(error) => error,
    };
    assert_eq!(error.to_string(), format!("{pattern:?}: {rest}"));
    assert!(grants.is_empty());
}

macro_rules! refused {
    ($($name:ident: $right:ident $($pattern:literal => $rest:literal),+;)+) => {
        $(#[test] fn $name() { $(assert_error(Right::$right, $pattern, $rest);)+ })+
    };
}

refused! {
    host_bits: Send
        "10.0.0.1/8:53" => "host bits are set after /8 (column 1): write 10.0.0.0/8",
        "[2001:db8::1/32]:53" => "host bits are set after /32 (column 1): write [2001:db8::/32]",
        "[::ffff:10.0.0.1/104]:53" => "host bits are set after /104 (column 1): write 10.0.0.0/8";
    prefix_lengths: Send
        "10.0.0.0/33:53" => "/33 is no prefix length (column 10): write a number from 0 to 32, without leading zeros",
        "10.0.0.0/:53" => "/ is no prefix length (column 10): write a number from 0 to 32, without leading zeros",
        "10.0.0.0/08:53" => "/08 is no prefix length (column 10): write a number from 0 to 32, without leading zeros",
        "[::/129]:53" => "/129 is no prefix length (column 5): write a number from 0 to 128, without leading zeros";
    ranges: Send
        "192.0.2.1:5-1" => "the range is reversed (column 11): write 1-5",
        "192.0.2.1:5-" => "a range needs both ends (column 13): write FIRST-LAST",
        "192.0.2.1:-5" => "a range needs both ends (column 11): write FIRST-LAST",
        "192.0.2.1:-" => "a range needs both ends (column 11): write FIRST-LAST",
        "192.0.2.1:0-5" => "port 0 is in no range (column 11): begin at 1";
    missing_ports: Send
        "10.0.0.1" => "no port (column 9): write 10.0.0.1:PORT, or 10.0.0.1:* for every port",
        "[::1]" => "no port (column 6): write [::1]:PORT, or [::1]:* for every port",
        "@loopback" => "no port (column 10): write @loopback:PORT, or @loopback:* for every port",
        "10.0.0.1:" => "the list of ports is empty (column 10): write a port, or * for every port",
        "10.0.0.1:80,,90" => "an empty place in the list of ports (column 13): remove the comma",
        "10.0.0.1:80," => "an empty place in the list of ports (column 13): remove the comma";
    ports: Send
        "10.0.0.1:65536" => "port 65536 is above 65535 (column 10): write a port from 1 to 65535",
        "10.0.0.1:1-99999999999" => "port 99999999999 is above 65535 (column 12): write a port from 1 to 65535",
        "10.0.0.1:dns" => "\"dns\" is no port (column 10): write a number, a range such as 1-5, or *",
        "10.0.0.1:+53" => "\"+53\" is no port (column 10): write a number, a range such as 1-5, or *",
        "10.0.0.1:053" => "a port has no leading zero (column 10): write 53",
        "10.0.0.1:53,*" => "* stands by itself (column 13): write * alone, or a list",
        "10.0.0.1:0" => "port 0 is no destination (column 10): write a port from 1 to 65535";
    port_0_in_a_range_of_a_bind: Bind
        "10.0.0.1:0-5" => "port 0 is in no range (column 10): write it apart, as in 0,1-5";
    empty_hosts: Send
        "" => "the pattern is empty (column 1): write HOST:PORTS, such as 127.0.0.1:53",
        "  " => "the pattern is empty (column 1): write HOST:PORTS, such as 127.0.0.1:53",
        ":53" => "the host is empty (column 1): write an address or a class before the colon",
        "[]:53" => "the host is empty (column 1): write an address or a class before the colon";
    brackets: Send
        "2001:db8::1:53" => "IPv6 addresses stand in brackets (column 1): write [ADDRESS]:PORTS, such as [::1]:53",
        "::1" => "IPv6 addresses stand in brackets (column 1): write [ADDRESS]:PORTS, such as [::1]:53",
        "2001:db8::/32:*" => "IPv6 addresses stand in brackets (column 1): write [ADDRESS]:PORTS, such as [::1]:53",
        "[::1:53" => "the bracket is not closed (column 1): write [ADDRESS]:PORTS",
        "[::1]53" => "only a colon and ports follow the bracket (column 6): write [ADDRESS]:PORTS",
        "[10.0.0.1]:53" => "brackets are for IPv6 (column 1): write 10.0.0.1",
        "[::g]:53" => "\"::g\" is no IPv6 address (column 2): write one, such as [2001:db8::1]",
        "10.0.0.1:80:90" => "a second colon (column 12): write HOST:PORTS, with commas between ports";
    zones: Send
        "[2001:db8::1%2]:53" => "a zone is only for link-local addresses (column 14): write [2001:db8::1]",
        "[fe80::1%]:53" => "the interface is empty (column 10): write its name or its index",
        "[fe80::1%eth 0]:53" => "the bracket is not closed (column 1): write [ADDRESS]:PORTS",
        "[fe80::1%a-very-long-name]:53" => "\"a-very-long-name\" is no interface name (column 10): write one of at most 15 letters and signs, as ip link tells it before any @, or its index",
        "[fe80::1%0]:53" => "0 is no interface index (column 10): write one from 1 to 4294967295, without leading zeros",
        "[fe80::1%4294967296]:53" => "4294967296 is no interface index (column 10): write one from 1 to 4294967295, without leading zeros",
        "[fe80::%2/10]:53" => "a CIDR has no zone (column 9): write the CIDR without, or an address with the zone",
        "169.254.1.1%eth0:53" => "a zone is only for link-local addresses of IPv6 (column 12): write 169.254.1.1",
        "224.0.0.251%eth0:53" => "the interface of an IPv4 group stands after @ (column 12): write 224.0.0.251@eth0",
        "[fe80::/10%2]:53" => "/10%2 is no prefix length (column 9): write a number from 0 to 128, without leading zeros";
    spaces: Bind
        " 10.0.0.1:53" => "space before the pattern (column 1): write 10.0.0.1:53",
        "10.0.0.1:53 " => "space after the pattern (column 12): write 10.0.0.1:53",
        "10.0.0.1:53\n" => "space after the pattern (column 12): write 10.0.0.1:53",
        " 10.0.0.1:53\nb" => "space before the pattern (column 1): write 10.0.0.1:53\\nb",
        "10.0.0.1:53\tshared" => "\"53\\tshared\" is no port (column 10): write a number, a range such as 1-5, or *",
        "10.0.0.1:53  shared" => "two spaces in a row (column 13): write one";
    what_getaddrinfo_would_take: Send
        "127.1:53" => "\"127.1\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "0x7f.1:53" => "\"0x7f.1\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "0x7f000001:53" => "\"0x7f000001\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "2130706433:53" => "\"2130706433\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "010.0.0.1:53" => "\"010.0.0.1\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "10.0.0.256:53" => "\"10.0.0.256\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "127.1/8:53" => "\"127.1\" is no address, and only addresses have a prefix (column 1): write a CIDR, such as 10.0.0.0/8";
    names: Send
        "example.com.:53" => "a trailing dot (column 12): remove it",
        "10.0.0.1.:53" => "a trailing dot (column 9): remove it",
        ".example.com:53" => "an empty label (column 1): write one dot between labels",
        "example..com:53" => "an empty label (column 9): write one dot between labels",
        "example.123:53" => "\"example.123\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "example.0x1f:53" => "\"example.0x1f\" is not an address (column 1): write four decimal numbers without leading zeros, such as 127.0.0.1",
        "-a.example.com:53" => "a label has no hyphen at its ends (column 1): write it without",
        "a-.example.com:53" => "a label has no hyphen at its ends (column 1): write it without",
        "_dns.example.com:53" => "'_' is in no name (column 1): write letters, digits, hyphens and dots",
        "bücher.example:53" => "'ü' is in no name (column 2): write the name's ASCII form, which has xn--",
        "*example.com:53" => "a star stands alone for the first labels (column 1): write *.example.com, for every name under example.com",
        "www.*.com:53" => "a star stands alone for the first labels (column 5): write *.example.com, for every name under example.com",
        "*.*.com:53" => "a star stands alone for the first labels (column 3): write *.example.com, for every name under example.com",
        "*.:53" => "the name is empty (column 3): write one, such as example.com",
        "localhost:53" => "localhost is loopback, and a name gives global addresses only (column 1): write 127.0.0.1 or [::1]",
        "*.localhost:53" => "localhost is loopback, and a name gives global addresses only (column 1): write 127.0.0.1 or [::1]",
        "example.com" => "no port (column 12): write example.com:PORT, or example.com:* for every port",
        "example.com:53 shared" => "shared is for bind, not for send (column 16): remove shared",
        "exa!mple:53" => "\"exa!mple\" is no host (column 1): write an IP address, a CIDR, a class or a name";
    names_that_are_no_local_addresses: Bind
        "example.com:53" => "a name is no bind host (column 1): write an IP address",
        "localhost:53" => "a name is no bind host (column 1): write an IP address";
    names_that_are_no_broadcast_addresses: Broadcast
        "example.com:53" => "a name is no broadcast host (column 1): write an IP address";
    names_to_resolve: Resolve
        "" => "the pattern is empty (column 1): write a name, such as example.com",
        "example.com:53" => "a name to resolve has no port (column 12): write example.com",
        "example.com." => "a trailing dot (column 12): remove it",
        "127.0.0.1" => "127.0.0.1 is no name (column 1): write a name, such as example.com or *.example.com",
        "[::1]" => "[::1] is no name (column 1): write a name, such as example.com or *.example.com",
        "@private" => "@private is no name (column 1): write a name, such as example.com or *.example.com",
        "127.1" => "the last label of a name is no number (column 5): write a name, such as example.com",
        "0x7f000001" => "the last label of a name is no number (column 1): write a name, such as example.com",
        "2130706433" => "the last label of a name is no number (column 1): write a name, such as example.com",
        "0" => "the last label of a name is no number (column 1): write a name, such as example.com",
        "**" => "a star stands alone for the first labels (column 1): write *.example.com, for every name under example.com",
        "example.com shared" => "shared is for bind, not for resolve (column 13): remove shared",
        "a b" => "unknown suffix \"b\" (column 3): remove it";
    groups: Send
        "224.0.0.251" => "no port (column 12): write 224.0.0.251:PORT, or 224.0.0.251:* for every port",
        "224.0.0.251@eth0" => "no port (column 17): write 224.0.0.251@eth0:PORT, or 224.0.0.251@eth0:* for every port",
        "224.0.0.251@:53" => "the interface is empty (column 13): write its name or its index",
        "224.0.0.251@0:53" => "0 is no interface index (column 13): write one from 1 to 4294967295, without leading zeros",
        "224.0.0.251@eth0@if3:53" => "\"eth0@if3\" is no interface name (column 13): write one of at most 15 letters and signs, as ip link tells it before any @, or its index",
        "[ff02::fb%eth0]@eth0:53" => "the interface stands there twice (column 17): write @eth0 alone",
        "[fe80::1]@eth0:53" => "only multicast groups have an interface after @ (column 11): write [fe80::1%eth0]",
        "10.0.0.1@eth0:53" => "only multicast groups have an interface after @ (column 10): write 10.0.0.1",
        "@loopback@eth0:53" => "unknown class \"@loopback@eth0\" (column 1): write @loopback, @private, @link-local or @global",
        "224.0.0.0/3@eth0:53" => "only multicast groups have an interface after @ (column 13): write 224.0.0.0/3",
        "224.0.0.1/24:53" => "host bits are set after /24 (column 1): write 224.0.0.0/24",
        "224.0.0.251:0" => "port 0 is no destination (column 13): write a port from 1 to 65535",
        "224.0.0.251:53 from 10.0.0.1" => "from is for bind and join, not for send (column 16): remove it",
        "ff02::fb@eth0:53" => "IPv6 addresses stand in brackets (column 1): write [ADDRESS]:PORTS, such as [::1]:53";
    joins: Join
        "" => "the pattern is empty (column 1): write a group, such as 224.0.0.251@eth0",
        "224.0.0.251:5353" => "a join has no ports (column 12): write 224.0.0.251",
        "[ff02::fb]@eth0:5353" => "a join has no ports (column 16): write [ff02::fb]@eth0",
        "[ff02::fb]eth0" => "only @ and an interface follow the bracket (column 11): write [ADDRESS]",
        "[ff02::fb" => "the bracket is not closed (column 1): write [ADDRESS]",
        "ff02::fb" => "IPv6 addresses stand in brackets (column 1): write [ADDRESS], such as [ff02::fb]",
        "10.0.0.1" => "10.0.0.1 is no multicast group (column 1): write one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.251",
        "0.0.0.0/0" => "0.0.0.0/0 is no multicast group (column 1): write one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.251",
        "*" => "@global is no multicast group (column 1): write one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.251",
        "224.0.0.251 shared" => "shared is for bind, not for join (column 13): remove shared",
        "224.0.0.251 of 10.0.0.1" => "unknown suffix \"of\" (column 13): write from SOURCE, or nothing",
        "232.1.1.1 from" => "from needs a source (column 15): write an address or a CIDR after it",
        "232.1.1.1 from 232.1.1.2" => "a source is a unicast address (column 16): write one address, or a CIDR",
        "232.1.1.1 from 0.0.0.0" => "a source is a unicast address (column 16): write one address, or a CIDR",
        "232.1.1.1 from @private" => "\"@private\" is no host (column 16): write an IP address, a CIDR, a class or a name",
        "232.1.1.1 from [2001:db8::1]" => "group and source are of different families (column 16): write a source of the group's",
        "232.1.1.1 from 10.0.0.1/8" => "host bits are set after /8 (column 16): write 10.0.0.0/8",
        "[ff35::1] from [fe80::1%eth0]" => "a source has no zone (column 16): write it without: the group has the interface",
        "232.1.1.1 from 10.0.0.5 from 10.0.0.6" => "from stands there twice (column 25): write one pattern for each source",
        "232.1.1.1 from  10.0.0.5" => "from needs a source (column 15): write an address or a CIDR after it";
    classes: Send
        "@public:53" => "unknown class \"@public\" (column 1): write @loopback, @private, @link-local or @global",
        "@Loopback:53" => "unknown class \"@Loopback\" (column 1): write @loopback, @private, @link-local or @global";
    send_hosts: Send
        "0.0.0.0:53" => "the unspecified address is no destination (column 1): write 127.0.0.1 or [::1] for loopback, * for global addresses",
        "[::ffff:0.0.0.0]:53" => "the unspecified address is no destination (column 1): write 127.0.0.1 or [::1] for loopback, * for global addresses",
        "0.0.0.0/32:53" => "a CIDR does not cover unspecified or broadcast addresses (column 1): write 0.0.0.0 without the prefix",
        "255.255.255.255:9" => "a broadcast address is no send host (column 1): write it as a broadcast pattern",
        "192.0.2.1:53 shared" => "shared is for bind, not for send (column 14): remove shared",
        "192.0.2.1:53 once" => "unknown suffix \"once\" (column 14): remove it";
    bind_hosts: Bind
        "*:53" => "* is no bind host (column 1): write 0.0.0.0 or [::] for every address of this host",
        "@global:53" => "@global is no bind host (column 1): write 0.0.0.0 or [::] for every address of this host",
        "255.255.255.255:9" => "a broadcast address is no bind host (column 1): write 0.0.0.0, which receives broadcasts",
        "0.0.0.0:53 from" => "from needs a source (column 16): write an address or a CIDR after it",
        "0.0.0.0:53 from 10.0.0.1/8" => "host bits are set after /8 (column 17): write 10.0.0.0/8",
        "0.0.0.0:53 from [2001:db8::/32]" => "address and source are of different families (column 17): write a source of the address's",
        "0.0.0.0:53 from 224.0.0.1" => "a source is a unicast address (column 17): write one address, or a CIDR",
        "[::]:53 from [fe80::1%eth0]" => "a source has no zone (column 14): write it without",
        "0.0.0.0:53 from 10.0.0.0/8 from 192.0.2.1" => "from stands there twice (column 28): write one pattern for each source",
        "224.0.0.251@eth0:53" => "a bind to this group has no interface (column 1): write it without: the join pattern has the interface",
        "0.0.0.0:53 shared shared" => "shared stands there twice (column 19): write it once",
        "0.0.0.0:53 Shared" => "unknown suffix \"Shared\" (column 12): write from SOURCE, shared, or nothing";
    broadcast_hosts: Broadcast
        "10.0.0.0/8:9" => "10.0.0.0/8 is no broadcast host (column 1): write one broadcast address, such as 192.0.2.255",
        "@private:9" => "@private is no broadcast host (column 1): write one broadcast address, such as 192.0.2.255",
        "*:9" => "@global is no broadcast host (column 1): write one broadcast address, such as 192.0.2.255",
        "0.0.0.0:9" => "the unspecified address is no destination (column 1): write one broadcast address, such as 192.0.2.255",
        "224.0.0.1:9" => "a multicast group is no broadcast address (column 1): write it as a send pattern",
        "[2001:db8::1]:9" => "IPv6 has no broadcast (column 1): write an IPv4 broadcast address",
        "192.0.2.255:9,10" => "a broadcast pattern has one port (column 13): write one pattern for each port",
        "192.0.2.255:*" => "a broadcast pattern has one port (column 13): write one pattern for each port",
        "192.0.2.255:0" => "port 0 is no destination (column 13): write a port from 1 to 65535";
}

#[test]
fn a_denied_pattern_has_no_suffix() {
    let mut grants = Grants::new();
    let error = grants.deny(Right::Bind, "0.0.0.0:53 shared").unwrap_err();
    assert_eq!(
        error.to_string(),
        r#""0.0.0.0:53 shared": a denied pattern has no suffix (column 12): remove shared"#
    );
}

#[test]
fn columns_count_characters() {
    let mut grants = Grants::new();
    let error = grants.allow(Right::Send, "é:99999").unwrap_err();
    assert_eq!(error.column(), 1);
    let error = grants.allow(Right::Bind, "[::1]:5,é").unwrap_err();
    assert_eq!((error.column(), error.rule()), (9, r#""é" is no port"#));
    assert_eq!(
        (error.text(), error.mend()),
        ("[::1]:5,é", "write a number, a range such as 1-5, or *")
    );
}

#[test]
fn no_text_makes_the_parser_panic() {
    let pieces = [
        "[",
        "]",
        ":",
        "::",
        "@",
        "%",
        "/",
        ",",
        "-",
        "*",
        " ",
        ".",
        "0",
        "1",
        "255",
        "é",
        "ff02",
        "shared",
        "from",
        "224.0.0.1",
    ];
    let mut random = Random(3);
    for _ in 0..20_000 {
        let text: String = (0..random.next(9)).map(|_| random.one_of(&pieces)).collect();
        for right in Right::ALL {
            let mut grants = Grants::new();
            if let Err(error) = grants.allow(right, &text) {
                assert!(!error.to_string().contains('\n'));
                assert!(error.column() <= text.chars().count() + 1, "{error}");
            }
        }
    }
}
