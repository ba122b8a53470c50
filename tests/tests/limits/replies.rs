//! How much may be answered: "a reply lasts 60 s from the last datagram received; optional budget in datagrams and in bytes
//! relative to bytes received" (rule 3).

use crate::guest::guest;
use crate::held::limited;
use crate::peer::peer;
use datagrant::Limit;

#[test]
fn each_datagram_is_answered_so_often() {
    for bursts in ["off", "on"] {
        let other = peer("127.0.0.1:0");
        let from = other.address;
        let story = guest()
            .allow_bind("127.0.0.1:0")
            .limited(Limit::RepliesPerDatagram, 2)
            .starts(format!(
                "create ipv4 -> ok
                 bind 127.0.0.1:0 -> ok 127.0.0.1:*
                 bursts {bursts} -> ok
                 receive 10000 -> message \"one\" from {from}
                 repeat 5 reply pong -> 2 x ok, 3 x quota-exceeded
                 receive 10000 -> message \"two\" from {from}
                 burst {from} a + {from} b + {from} c -> sent 2, then quota-exceeded
                 receive 10000 -> message \"three\" from {from}
                 burst-of 1 30 10 {from} -> sent 0, then quota-exceeded
                 burst-of 1 20 10 {from} -> sent 1"
            ));
        let at = story.address("bind 127.0.0.1:0");
        other.sends("one", at);
        assert_eq!(
            (other.receives().0, other.receives().0),
            ("pong".to_owned(), "pong".to_owned())
        );
        other.sends("two", at);
        assert_eq!(
            (other.receives().0, other.receives().0),
            ("a".to_owned(), "b".to_owned())
        );
        other.sends("three", at);
        story.ends().exceeds(&[(Limit::RepliesPerDatagram, 5)]);
        assert_eq!(other.count(), 2);
    }
}

#[test]
fn the_bytes_of_answers_are_so_many_times_those_of_what_came() {
    for bursts in ["off", "on"] {
        let (other, stranger) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
        let (from, other_from) = (other.address, stranger.address);
        let story = guest()
            .allow_bind("127.0.0.1:0")
            .limited(Limit::ReplyBytesPerByte, 3)
            .starts(format!(
                "create ipv4 -> ok
                 bind 127.0.0.1:0 -> ok 127.0.0.1:*
                 bursts {bursts} -> ok
                 receive 10000 -> message \"ping\" from {from}
                 reply 1234567890123 -> quota-exceeded
                 reply 12345678 -> ok
                 reply 1234 -> ok
                 reply 1 -> quota-exceeded
                 reply  -> ok
                 receive 10000 -> message \"\" from {other_from}
                 reply 1 -> quota-exceeded
                 send {from} 1 -> quota-exceeded"
            ));
        let at = story.address("bind 127.0.0.1:0");
        other.sends("ping", at);
        for _ in 0..3 {
            other.receives();
        }
        stranger.sends("", at);
        story.ends().exceeds(&[(Limit::ReplyBytesPerByte, 4)]);
        stranger.has_nothing();
    }
}

#[test]
fn whom_a_send_grant_covers_is_written_to_without_a_budget() {
    let other = peer("127.0.0.1:0");
    let from = other.address;
    let story = limited(Limit::RepliesPerDatagram, 0)
        .limited(Limit::ReplyBytesPerByte, 0)
        .starts(format!(
            "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from {from}
         repeat 5 reply pong -> 5 x ok"
        ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story.ends().exceeds(&[]);
}

#[test]
fn an_answer_that_the_rate_holds_back_spends_nothing() {
    let other = peer("127.0.0.1:0");
    let from = other.address;
    let story = guest()
        .allow_bind("127.0.0.1:0")
        .limited(Limit::RepliesPerDatagram, 2)
        // Full in the beginning, and then nothing comes for minutes.
        .limited(Limit::SentBytesPerSecond, 1)
        .starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             receive 10000 -> message \"ping\" from {from}
             burst-of 1 65000 0 {from} -> sent 1
             repeat 3 burst-of 1 1000 0 {from} -> 3 x sent 0, then would-block
             burst-of 1 400 0 {from} -> sent 1
             reply x -> quota-exceeded"
        ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .exceeds(&[(Limit::SentBytesPerSecond, 3), (Limit::RepliesPerDatagram, 1)]);
    assert_eq!(other.count(), 2);
}
