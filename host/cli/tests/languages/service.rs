//! The example `service`: under `datagrant serve` and through a middleware with its socket handed in, over `wasi:sockets` with
//! one that it binds itself, where the pump calls it.

use crate::common::{serve, unused};
use crate::provider::Provider;
use crate::subject::Built;
use datagrant_tests::{PUMP, compose};
use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What nothing here takes on a machine that is not broken.
const PATIENCE: Duration = Duration::from_secs(20);
/// A service that has not bound yet answers nothing: so it is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(50);

pub fn answers(built: &Built, provider: Provider) -> Result<(), String> {
    let at = unused("127.0.0.1");
    if provider == Provider::Native {
        let service = serve(built.compiled()).arg("--allow-precompiled");
        let running = service.args(["--socket", &format!("echo={at}")]).start();
        is_answered(at).map_err(|e| format!("{e}: {:?}", running.printed()))?;
        // It is asked to come to an end, and does.
        running.signal("TERM");
        let ended = running.ends();
        return match ended.status {
            Some(0) => Ok(()),
            _ => Err(format!("it did not end well: {ended:#?}")),
        };
    }
    let run = provider.run(&pumped(built)?).compiled().map_err(|e| format!("{e:?}"))?;
    let running = match provider {
        Provider::Adapter => run.arg(at.to_string()).start(),
        _ => run.socket("echo", &at.to_string()).start(),
    };
    let answered = is_answered(at);
    let outcome = running.stop();
    answered.map_err(|e| format!("{e}: {outcome:#?}"))
}

/// `wac plug pump.wasm --plug service.wasm`.
fn pumped(built: &Built) -> Result<PathBuf, String> {
    let read = |path: &str| fs::read(path).map_err(|e| format!("{path}: {e}"));
    let service = read(&built.component.to_string_lossy())?;
    let command = compose::plug(&read(PUMP)?, &service).map_err(|e| format!("it does not fit the pump: {e:?}"))?;
    let path = built.component.with_file_name("pumped.wasm");
    // In one step: a test beside this one may read it.
    let new = built
        .component
        .with_file_name(format!("pumped-{:?}", std::thread::current().id()));
    let written = fs::write(&new, command).and_then(|()| fs::rename(&new, &path));
    written.map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}

fn is_answered(at: SocketAddr) -> Result<(), String> {
    let client = UdpSocket::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    client.connect(at).map_err(|e| e.to_string())?;
    client.set_read_timeout(Some(ASK_AGAIN)).map_err(|e| e.to_string())?;
    let until = Instant::now() + PATIENCE;
    let mut answer = [0; 16];
    while Instant::now() < until {
        // Refused as long as nobody is there.
        match client.send(b"hello").and_then(|_| client.recv(&mut answer)) {
            Ok(length) if &answer[..length] == b"hello" => return Ok(()),
            Ok(length) => return Err(format!("another answer: {:?}", &answer[..length])),
            Err(_) => std::thread::sleep(ASK_AGAIN / 10),
        }
    }
    Err(format!("no answer from {at} in {PATIENCE:?}"))
}
