use super::*;

const ONE: &str = "192.0.2.1:1";
const TWO: &str = "192.0.2.2:2";

fn header(length: u32, segment_size: u16, remote: &str) -> Header {
    Header {
        length,
        segment_size,
        remote: Some(remote.parse().unwrap()),
        ..Header::default()
    }
}

fn burst(stride: usize, headers: &[Header], payload: &str) -> Option<Burst> {
    let mut bytes = vec![];
    headers.iter().for_each(|h| h.encode(stride, &mut bytes));
    let burst = types::Burst {
        stride: stride as u32,
        headers: bytes,
        payload: payload.into(),
        more_events: false,
    };
    Burst::from_contract(burst, Family::Ipv4)
}

/// Three headers, of which the second stands for three datagrams.
fn mixed() -> Burst {
    burst(32, &[header(1, 0, ONE), header(5, 2, TWO), header(0, 0, ONE)], "abbccd").unwrap()
}

fn texts(burst: &Burst) -> Vec<String> {
    let text = |d: Datagram<'_>| format!("{} {}", String::from_utf8_lossy(d.data), d.remote.port());
    burst.datagrams().map(text).collect()
}

fn cursor(burst: &Burst, datagrams: usize) -> Cursor {
    (0..datagrams).fold(Cursor::default(), |at, _| burst.at(at).unwrap().1)
}

#[test]
fn datagrams_that_came_together_come_one_by_one() {
    let burst = mixed();
    assert_eq!(texts(&burst), ["a 1", "bb 2", "cc 2", "d 2", " 1"]);
    assert_eq!((burst.len(), burst.is_empty(), burst.headers().len()), (3, false, 96));
    let sizes: Vec<u16> = burst.into_iter().map(|d| d.segment_size).collect();
    assert_eq!(sizes, [0, 2, 2, 2, 0]);
    assert_eq!(burst.datagrams().size_hint().0, 3);
}

#[test]
fn only_the_last_of_several_is_cut() {
    let cut = Header {
        truncated: true,
        ..header(3, 2, ONE)
    };
    let burst = burst(32, &[cut], "aab").unwrap();
    assert_eq!(
        burst.datagrams().map(|d| d.truncated).collect::<Vec<_>>(),
        [false, true]
    );
}

#[test]
fn packet_info_and_ecn_are_told() {
    let full = Header {
        ecn: 3,
        info: Some(crate::burst::PacketInfo {
            local: Some("192.0.2.9".parse().unwrap()),
            interface: 4,
        }),
        ..header(1, 0, ONE)
    };
    let burst = burst(64, &[full, header(0, 0, ONE)], "a").unwrap();
    let told: Vec<_> = burst.datagrams().map(|d| (d.ecn, d.local, d.interface)).collect();
    assert_eq!(
        told,
        [(3, Some("192.0.2.9".parse().unwrap()), Some(4)), (0, None, None)]
    );
    assert_eq!(mixed().datagrams().next().unwrap().interface, None);
}

#[test]
fn what_does_not_add_up_is_no_burst() {
    let one = [header(1, 0, ONE)];
    assert!(burst(32, &one, "").is_none() && burst(32, &one, "aa").is_none());
    assert!(burst(33, &one, "a").is_none() && burst(0, &one, "a").is_none());
    assert!(burst(32, &[header(u32::MAX, 0, ONE)], "a").is_none());
    let half = types::Burst {
        stride: 32,
        headers: vec![0; 48],
        payload: vec![],
        more_events: false,
    };
    assert!(Burst::from_contract(half, Family::Ipv4).is_none());
    assert!(burst(32, &[], "").unwrap().is_empty());
}

#[test]
fn what_was_taken_is_skipped_also_amid_a_header() {
    let all = ["a 1", "bb 2", "cc 2", "d 2", " 1"];
    for taken in 0..=all.len() {
        let mut burst = mixed();
        burst.skip(cursor(&burst, taken));
        assert_eq!(texts(&burst), all[taken..], "{taken}");
        assert_eq!(burst.payload().len(), 6 - cursor(&mixed(), taken).payload());
    }
}

#[test]
fn a_burst_is_split_between_headers() {
    let mut burst = mixed();
    assert!(burst.split_off(3).is_none());
    let rest = burst.split_off(2).unwrap();
    assert_eq!(texts(&burst), ["a 1", "bb 2", "cc 2", "d 2"]);
    assert_eq!(texts(&rest), [" 1"]);
}

#[test]
fn datagrams_of_others_are_left_out() {
    let mut burst = mixed();
    burst.retain(|remote| remote.port() == 2);
    assert_eq!(texts(&burst), ["bb 2", "cc 2", "d 2"]);
    burst.retain(|_| false);
    assert!(burst.is_empty() && burst.payload().is_empty());
}
