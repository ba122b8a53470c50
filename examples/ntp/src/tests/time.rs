use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp(seconds << 32)
}

fn reply(received: Timestamp, sent: Timestamp) -> Reply {
    Reply {
        stratum: 1,
        received,
        sent,
    }
}

#[test]
fn four_points_of_time_tell_offset_and_delay() {
    // Here 100, there 110: half a second each way, and the server takes one.
    let half = Duration::from_millis(500);
    let reply = reply(at(110) + half, at(111) + half);
    let sample = Sample::new(at(100), &reply, at(102));
    assert_eq!(
        sample,
        Sample {
            offset: 10.0,
            delay: 1.0
        }
    );
    assert_eq!(sample.to_string(), "offset +10.000000 s, delay 1.000000 s");
}

#[test]
fn the_new_beginning_of_2036_changes_nothing() {
    let before = at(u64::from(u32::MAX));
    assert_eq!(before + Duration::from_secs(3), at(2));
    assert_eq!(at(2).since(before), 3.0);
    assert_eq!(before.since(at(2)), -3.0);
    let sample = Sample::new(before, &reply(at(10), at(10)), at(1));
    assert_eq!(
        sample,
        Sample {
            offset: 10.0,
            delay: 2.0
        }
    );
}

#[test]
fn the_systems_time_is_counted_from_1900() {
    let time = UNIX_EPOCH + Duration::from_millis(1500);
    assert_eq!(Timestamp::from(time), Timestamp((TO_1970 + 1) << 32 | 1 << 31));
}
