//! Where what an instance does comes in.

use super::queue::{Queue, What};
use datagrant::{Datagram, Recorder};
use std::sync::Arc;

pub struct Tap {
    worker: Option<usize>,
    queue: Arc<Queue>,
}

impl Tap {
    pub fn new(worker: Option<usize>, queue: Arc<Queue>) -> Tap {
        Tap { worker, queue }
    }
}

impl Recorder for Tap {
    fn datagram(&self, datagram: &Datagram<'_>) {
        let (source, destination) = match datagram.sent {
            true => (datagram.local, datagram.remote),
            false => (datagram.remote, datagram.local),
        };
        let what = What::Datagram {
            socket: datagram.socket,
            sent: datagram.sent,
            source,
            destination,
            ecn: datagram.ecn,
            truncated: datagram.truncated,
            data: datagram.data.to_vec(),
        };
        self.queue.put(self.worker, what);
    }

    fn step(&self, question: &str, answer: &str, datagrams: usize) {
        let (question, answer) = (question.to_owned(), answer.to_owned());
        let what = What::Step {
            question,
            answer,
            datagrams,
        };
        self.queue.put(self.worker, what);
    }

    fn note(&self, note: &str) {
        self.queue.put(self.worker, What::Note(note.to_owned()));
    }
}
