//! A sensor: sends readings and hears means, in the wire format of `examples/polyglot/wit/codec.wit`, written once more here.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

type Reading = (u16, i16);

pub struct Sensor(UdpSocket);

fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| match crc & 0x8000 {
            0 => crc << 1,
            _ => crc << 1 ^ 0x1021,
        })
    })
}

fn encoded(readings: &[Reading]) -> Vec<u8> {
    let mut bytes = vec![b'T', b'H', u8::try_from(readings.len()).expect("a few")];
    for (sensor, hundredths) in readings {
        bytes.extend(sensor.to_be_bytes());
        bytes.extend(hundredths.to_be_bytes());
    }
    let sum = checksum(&bytes);
    bytes.extend(sum.to_be_bytes());
    bytes
}

#[track_caller]
fn decoded(bytes: &[u8]) -> Vec<Reading> {
    let (body, sum) = bytes.split_at(bytes.len() - 2);
    assert_eq!(sum, checksum(body).to_be_bytes(), "{bytes:?}");
    assert_eq!(&body[..2], b"TH");
    let readings: Vec<Reading> = body[3..]
        .chunks(4)
        .map(|reading| {
            (
                u16::from_be_bytes([reading[0], reading[1]]),
                i16::from_be_bytes([reading[2], reading[3]]),
            )
        })
        .collect();
    assert_eq!(readings.len(), usize::from(body[2]));
    readings
}

impl Sensor {
    pub fn new(host: &str, server: SocketAddr) -> Sensor {
        let socket = UdpSocket::bind((host, 0)).expect("a socket on loopback");
        socket.connect(server).expect("an address");
        Sensor(socket)
    }

    pub fn sends(&self, bytes: &[u8]) {
        self.0.send(bytes).expect("it goes");
    }

    pub fn says(&self, readings: &[Reading]) {
        self.sends(&encoded(readings));
    }

    /// The answer to these.
    #[track_caller]
    pub fn is_told(&self, readings: &[Reading]) -> Vec<Reading> {
        self.0
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("an option");
        self.says(readings);
        let mut bytes = [0; 2048];
        let length = self.0.recv(&mut bytes).expect("an answer");
        decoded(&bytes[..length])
    }

    /// Asks, by another socket so that what is answered late disturbs nobody, until there is an answer.
    #[track_caller]
    pub fn waits_until_answered(&self, patience: Duration, is_running: impl Fn() -> bool) {
        let until = Instant::now() + patience;
        let probe = Sensor::new("127.0.0.1", self.0.peer_addr().expect("it is connected"));
        probe
            .0
            .set_read_timeout(Some(Duration::from_millis(100)))
            .expect("an option");
        let mut bytes = [0; 2048];
        loop {
            // Refused at once, as long as nobody has the port.
            if probe
                .0
                .send(&encoded(&[(1, 1)]))
                .and_then(|_| probe.0.recv(&mut bytes))
                .is_ok()
            {
                return;
            }
            assert!(is_running(), "it has ended");
            assert!(Instant::now() < until, "no answer in {patience:?}");
        }
    }

    /// Whether something came.
    pub fn heard(&self) -> bool {
        self.0.set_nonblocking(true).expect("an option");
        self.0.recv(&mut [0; 2048]).is_ok()
    }
}
