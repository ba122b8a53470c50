//! What `tshark` reads in a capture.

use crate::tool::tool;
use std::path::Path;

/// Of each frame these fields; none where tshark is missing.
#[track_caller]
pub fn fields(capture: &Path, fields: &[&str]) -> Option<Vec<Vec<String>>> {
    let mut shark = tool("tshark", "tshark")?.args(["-n", "-r"]).arg(capture);
    shark = shark.args(["-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"]);
    shark = shark.args(["-T", "fields", "-E", "occurrence=f"]);
    for field in fields {
        shark = shark.args(["-e", field]);
    }
    // It complains of a capture that is cut.
    let ended = shark.output().status(0);
    let lines = ended.stdout.lines();
    Some(
        lines
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect(),
    )
}

/// The datagrams: `in SOURCE > DESTINATION PAYLOAD`, or `out`, with the payload in hexadecimal. Checksums are right.
#[track_caller]
pub fn datagrams(capture: &Path) -> Option<Vec<String>> {
    const FIELDS: [&str; 11] = [
        "frame.interface_name",
        "frame.packet_flags_direction",
        "ip.src",
        "ipv6.src",
        "udp.srcport",
        "ip.dst",
        "ipv6.dst",
        "udp.dstport",
        "udp.checksum.status",
        "ip.checksum.status",
        "udp.payload",
    ];
    let frames = fields(capture, &FIELDS)?;
    let of_guest = frames.iter().filter(|frame| frame[0] == "guest");
    let datagrams = of_guest.map(|frame| {
        assert_eq!(frame[8], "1", "the checksum of {frame:?}");
        assert!(frame[2].is_empty() || frame[9] == "1", "the checksum of {frame:?}");
        let way = match frame[1].as_str() {
            "0x00000001" => "in",
            "0x00000002" => "out",
            other => panic!("no direction: {other}"),
        };
        let end = |v4: usize| match frame[v4].as_str() {
            "" => format!("[{}]:{}", frame[v4 + 1], frame[v4 + 2]),
            ip => format!("{ip}:{}", frame[v4 + 2]),
        };
        format!("{way} {} > {} {}", end(2), end(5), frame[10])
    });
    Some(datagrams.collect())
}

/// The comments of frames on this interface.
#[track_caller]
pub fn comments(capture: &Path, interface: &str) -> Option<Vec<String>> {
    let frames = fields(capture, &["frame.interface_name", "frame.comment"])?;
    let of_interface = frames.into_iter().filter(|frame| frame[0] == interface);
    Some(of_interface.map(|mut frame| frame.remove(1)).collect())
}

pub fn hex(data: &[u8]) -> String {
    data.iter().map(|byte| format!("{byte:02x}")).collect()
}
