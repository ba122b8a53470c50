//! Questions that are asked until they are answered.

use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{ErrorCode, Event, Interest, IpSocketAddress};
use datagrant_guest::bindings::wait::wait;
use std::time::{Duration, Instant};

/// After so long it asks again, and so often.
const PATIENCE: Duration = Duration::from_millis(20);
const TRIES: u32 = 250;

/// Asks each of `count` questions until it is answered: by a datagram that is the same. Answers to earlier questions are
/// passed over.
pub fn ask(socket: &Socket, count: u64, of: Option<IpSocketAddress>) -> Result<String, ErrorCode> {
    let mut again = 0;
    for number in 1..=count {
        let question = format!("question {number}");
        let mut tries = 0;
        loop {
            socket.send(question.as_bytes(), of)?;
            if is_answered(socket, &question)? {
                break;
            }
            tries += 1;
            if tries == TRIES {
                return Ok(format!("no answer to {question}"));
            }
            again += 1;
        }
    }
    Ok(format!("{count} answered, {again} asked again"))
}

fn is_answered(socket: &Socket, question: &str) -> Result<bool, ErrorCode> {
    let until = Instant::now() + PATIENCE;
    let on = Interest {
        receive: vec![socket.id()],
        send: vec![],
    };
    loop {
        for event in socket.next_events(1) {
            match event {
                Event::Message(message) if message.data == question.as_bytes() => return Ok(true),
                Event::Error(error) => return Err(error),
                _ => {}
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        wait(&on, Some(left.as_nanos() as u64))?;
    }
}
