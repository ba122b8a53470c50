//! A relay in the middle, which reorders, delays and duplicates.

use datagrant_tests::network::Host;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Passes datagrams of one client on to a server, and the answers back, on a thread of its own.
pub struct Relay {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<Done>>,
}

#[derive(Debug, Default)]
pub struct Done {
    pub reordered: u32,
    pub duplicated: u32,
}

impl Relay {
    #[track_caller]
    pub fn start(host: &Host, at: &str, server: &str) -> Relay {
        let (inside, outside) = (host.socket(at), host.socket("0.0.0.0:0"));
        outside.connect(server).expect("a route");
        for socket in [&inside, &outside] {
            socket.set_nonblocking(true).expect("a socket");
        }
        let over = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let over = over.clone();
            move || relay(&inside, &outside, &over)
        });
        Relay {
            over,
            thread: Some(thread),
        }
    }

    /// What it did, in all.
    pub fn ends(mut self) -> Done {
        self.over.store(true, Ordering::Relaxed);
        let thread = self.thread.take().expect("it ends once");
        thread.join().expect("it only relays")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Answers are doubled, and each third is held back until the next one has passed, or until a guest that lost patience has
/// asked again. So every answer arrives, but many come late and behind later ones.
fn relay(inside: &UdpSocket, outside: &UdpSocket, over: &AtomicBool) -> Done {
    let mut done = Done::default();
    let mut client: Option<SocketAddr> = None;
    let mut held: Option<Vec<u8>> = None;
    let mut count = 0;
    let mut buffer = [0; 2048];
    while !over.load(Ordering::Relaxed) {
        let mut idle = true;
        if let Ok((length, from)) = inside.recv_from(&mut buffer) {
            client = Some(from);
            // A full buffer loses it, as a network does.
            let _ = outside.send(&buffer[..length]);
            idle = false;
        }
        if let (Ok(length), Some(client)) = (outside.recv(&mut buffer), client) {
            let answer = &buffer[..length];
            count += 1;
            if count % 3 == 0 && held.is_none() {
                held = Some(answer.to_vec());
            } else {
                let _ = inside.send_to(answer, client);
                let _ = inside.send_to(answer, client);
                done.duplicated += 1;
                if let Some(late) = held.take() {
                    let _ = inside.send_to(&late, client);
                    done.reordered += 1;
                }
            }
            idle = false;
        }
        if idle {
            thread::sleep(Duration::from_micros(100));
        }
    }
    done
}
