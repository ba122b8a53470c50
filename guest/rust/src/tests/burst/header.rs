use super::*;

fn bytes(header: &Header, stride: usize) -> Vec<u8> {
    let mut out = vec![];
    header.encode(stride, &mut out);
    assert_eq!(out.len(), stride);
    out
}

#[track_caller]
fn there_and_back(header: Header, stride: usize, family: Family) {
    assert_eq!(Header::decode(&bytes(&header, stride), family), Some(header));
}

#[test]
fn each_field_is_where_the_contract_says() {
    let header = Header {
        length: 0x0403_0201,
        segment_size: 0x0605,
        remote: Some("[2001:db8::1]:2055".parse().unwrap()), // 0x0807
        ecn: 3,
        truncated: true,
        info: Some(PacketInfo {
            local: Some("192.0.2.1".parse().unwrap()),
            interface: 0x2423_2221,
        }),
    };
    let mut expected = vec![1, 2, 3, 4, 5, 6, 7, 8, 3, 1, 0, 0, 0, 0, 0, 0];
    expected.extend([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expected.extend([0x21, 0x22, 0x23, 0x24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]);
    assert_eq!(bytes(&header, 64), expected);
    assert_eq!(bytes(&header, 32), expected[..32]);
}

#[test]
fn headers_survive_the_way_there_and_back() {
    let base = Header {
        length: 65_535,
        segment_size: 1_200,
        ecn: 2,
        ..Header::default()
    };
    let remote = |text: &str| Some(text.parse().unwrap());
    let info = |local: Option<&str>, interface| {
        let local = local.map(|text| text.parse().unwrap());
        Some(PacketInfo { local, interface })
    };
    for (text, family) in [
        ("192.0.2.1:53", Family::Ipv4),
        ("[2001:db8::1]:65535", Family::Ipv6),
        ("[fe80::1%7]:1", Family::Ipv6),
        ("[::ffff:192.0.2.1]:53", Family::Ipv6),
    ] {
        let header = Header {
            remote: remote(text),
            ..base
        };
        there_and_back(header, 32, family);
        let local = header.remote.map(|a: SocketAddr| a.ip().to_string());
        let info = info(local.as_deref(), 9);
        there_and_back(Header { info, ..header }, 64, family);
    }
    there_and_back(base, 32, Family::Ipv4);
    let header = Header {
        info: info(None, 0),
        ..base
    };
    there_and_back(header, 64, Family::Ipv6);
}

#[test]
fn an_ipv4_remote_is_mapped_for_an_ipv6_socket() {
    let header = Header {
        remote: Some("192.0.2.1:53".parse().unwrap()),
        ..Header::default()
    };
    let read = Header::decode(&bytes(&header, 32), Family::Ipv6).unwrap();
    assert_eq!(read.remote, Some("[::ffff:192.0.2.1]:53".parse().unwrap()));
}

#[test]
fn other_sizes_are_no_headers() {
    for size in [0, 31, 33, 63, 65] {
        assert_eq!(Header::decode(&vec![0; size], Family::Ipv4), None, "{size}");
    }
}

#[test]
fn a_header_is_shortened_and_made_plain_in_place() {
    let header = Header {
        length: 300,
        segment_size: 100,
        remote: Some("192.0.2.1:53".parse().unwrap()),
        ecn: 1,
        truncated: true,
        info: Some(PacketInfo {
            local: Some("192.0.2.2".parse().unwrap()),
            interface: 3,
        }),
    };
    let mut long = bytes(&header, 64);
    shorten(&mut long, 100);
    assert_eq!(length(&long), 200);
    plain(&mut long);
    let expected = Header {
        length: 200,
        ecn: 0,
        truncated: false,
        info: Some(PacketInfo::default()),
        ..header
    };
    assert_eq!(Header::decode(&long, Family::Ipv4), Some(expected));
}
