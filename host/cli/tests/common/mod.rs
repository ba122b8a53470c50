//! Running the program, so that it ends with the test whatever happens.

#![allow(dead_code, reason = "each suite uses a part of it")]

pub mod audit;
pub mod examples;
pub mod scrape;

use datagrant_tests::network::Host;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What nothing here takes on a machine that is not broken.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// `datagrant run COMPONENT`.
pub fn run(component: impl AsRef<OsStr>) -> Program {
    datagrant().arg("run").arg(component)
}

/// `datagrant serve COMPONENT`.
pub fn serve(component: impl AsRef<OsStr>) -> Program {
    datagrant().arg("serve").arg(component)
}

/// The same through a shell, to which `flags` are written as an operator would paste them.
pub fn run_by_shell(component: &str, flags: &str) -> Program {
    let program = env!("CARGO_BIN_EXE_datagrant");
    let line = format!("exec '{program}' run '{component}' {flags} \"$@\"");
    Program::ours(Command::new("sh")).args(["-c", &line, "sh"])
}

/// `datagrant run COMPONENT` on a host of the test's own network.
pub fn run_on(host: &Host, component: impl AsRef<OsStr>) -> Program {
    Program::ours(host.command(env!("CARGO_BIN_EXE_datagrant")))
        .arg("run")
        .arg(component)
}

/// `datagrant`.
pub fn datagrant() -> Program {
    Program::ours(Command::new(env!("CARGO_BIN_EXE_datagrant")))
}

/// A command that is about to be run.
pub struct Program(Command);

impl Program {
    /// A command with all of the environment.
    pub fn new(command: Command) -> Program {
        Program(command).stdin(Stdio::null())
    }

    /// The program, with a cache of the tests' own and nothing else of the environment but PATH.
    pub fn ours(mut command: Command) -> Program {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path);
        command.env("XDG_CACHE_HOME", Program::caches());
        Program::new(command)
    }

    /// Where the tests keep compiled code.
    pub fn caches() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("caches")
    }

    pub fn stdin(mut self, stdin: impl Into<Stdio>) -> Program {
        self.0.stdin(stdin);
        self
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Program {
        self.0.arg(arg);
        self
    }

    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Program {
        self.0.args(args);
        self
    }

    /// The operations of the guest `scripted`, one a line: the end of the command line.
    pub fn story(self, operations: impl AsRef<str>) -> Program {
        let operations = operations
            .as_ref()
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        self.arg("--").args(operations)
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Program {
        self.0.env(name, value);
        self
    }

    pub fn env_remove(mut self, name: &str) -> Program {
        self.0.env_remove(name);
        self
    }

    pub fn current_dir(mut self, folder: &Path) -> Program {
        self.0.current_dir(folder);
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn output(self) -> Ended {
        self.start().ends()
    }

    /// Runs it while the test does something else.
    #[track_caller]
    pub fn start(mut self) -> Started {
        self.0.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.0.spawn().unwrap_or_else(|e| panic!("{:?}: {e}", self.0));
        let stdout = Printed::of(child.stdout.take().expect("a pipe"));
        let stderr = Printed::of(child.stderr.take().expect("a pipe"));
        Started { child, stdout, stderr }
    }
}

/// A program that runs. It is killed, by its id, when the test is over.
pub struct Started {
    child: Child,
    stdout: Printed,
    stderr: Printed,
}

impl Started {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes to its stdin, which is a pipe.
    #[track_caller]
    pub fn says(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().expect("a pipe");
        stdin.write_all(text.as_bytes()).expect("it reads");
    }

    /// Waits for a line of its stdout that contains `text`.
    #[track_caller]
    pub fn wait_for_line(&mut self, text: &str) -> String {
        self.wait_for(text, |started| &started.stdout)
    }

    /// The same of its stderr.
    #[track_caller]
    pub fn wait_for_complaint(&mut self, text: &str) -> String {
        self.wait_for(text, |started| &started.stderr)
    }

    #[track_caller]
    fn wait_for(&mut self, text: &str, of: impl Fn(&Started) -> &Printed) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let ended = self.child.try_wait().expect("a child of ours").is_some() || Instant::now() > until;
            if let Some(line) = of(self).line(text) {
                return line;
            }
            // What it printed last may still be on its way.
            assert!(
                !ended || of(self).goes_on(),
                "no line with {text:?}: {:?}",
                self.printed()
            );
            assert!(Instant::now() < until, "no line with {text:?}: {:?}", self.printed());
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// The address with which an operation of `scripted` ended.
    #[track_caller]
    pub fn address(&mut self, operation: &str) -> SocketAddr {
        let line = self.wait_for_line(&format!("{operation} -> "));
        let address = line.split(" -> ok ").nth(1).and_then(|address| address.parse().ok());
        address.unwrap_or_else(|| panic!("no address: {line}"))
    }

    /// What it printed up to now, to stdout and to stderr.
    pub fn printed(&self) -> (String, String) {
        (self.stdout.text(), self.stderr.text())
    }

    /// Sends it a signal: `INT`, `TERM`.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(status.success(), "{kill}: {status}");
    }

    /// Waits for its end.
    #[track_caller]
    pub fn ends(mut self) -> Ended {
        let until = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().expect("a child of ours") {
                Some(status) => break status,
                None if Instant::now() > until => panic!("it does not end: {:?}", self.printed()),
                None => thread::sleep(LOOK_AGAIN),
            }
        };
        self.stdout.end();
        self.stderr.end();
        let (stdout, stderr) = self.printed();
        Ended {
            status: status.code(),
            stdout,
            stderr,
            stdout_bytes: self.stdout.bytes(),
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What comes out of a pipe.
struct Printed {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Printed {
    fn of(mut pipe: impl Read + Send + 'static) -> Printed {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = bytes.clone();
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                let mut bytes = shared.lock().unwrap_or_else(PoisonError::into_inner);
                bytes.extend_from_slice(&buffer[..length]);
            }
        });
        Printed {
            bytes,
            reader: Some(reader),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    fn line(&self, text: &str) -> Option<String> {
        let printed = self.text();
        let mut lines = printed.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        lines.find(|line| line.contains(text)).map(str::to_owned)
    }

    fn goes_on(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| !reader.is_finished())
    }

    fn end(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("it only reads");
        }
    }
}

/// A program that ended.
#[derive(Debug)]
pub struct Ended {
    /// None when a signal killed it.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub stdout_bytes: Vec<u8>,
}

impl Ended {
    #[track_caller]
    pub fn status(self, expected: i32) -> Ended {
        assert_eq!(self.status, Some(expected), "{self:#?}");
        self
    }

    /// The whole of stdout: these lines. `*` at the end of a line stands for the rest of it.
    #[track_caller]
    pub fn stdout(self, expected: impl AsRef<str>) -> Ended {
        self.same(&self.stdout, expected.as_ref());
        self
    }

    /// The whole of stderr, as [`stdout`](Self::stdout).
    #[track_caller]
    pub fn stderr(self, expected: impl AsRef<str>) -> Ended {
        self.same(&self.stderr, expected.as_ref());
        self
    }

    #[track_caller]
    fn same(&self, printed: &str, expected: &str) {
        let expected: Vec<&str> = expected
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let lines: Vec<&str> = printed.lines().collect();
        let is_as = |(line, expected): (&&str, &&str)| match expected.strip_suffix('*') {
            Some(beginning) => line.starts_with(beginning),
            None => line == expected,
        };
        let same = lines.len() == expected.len() && lines.iter().zip(&expected).all(is_as);
        assert!(same, "expected {expected:#?} in {self:#?}");
    }

    #[track_caller]
    pub fn stderr_has(self, text: &str) -> Ended {
        assert!(self.stderr.contains(text), "no {text:?} in {self:#?}");
        self
    }
}

/// Runs a tool to its end, however long that takes: it must succeed.
#[track_caller]
pub fn finishes(command: &mut Command) {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{command:?}: {stdout}{stderr}");
}

/// Says that the test does not run without `what`, and how to get it.
#[track_caller]
pub fn missing(what: &str, how: &str) {
    datagrant_tests::missing::say(&format!("{what} is missing; to run it: {how}"));
}

/// A folder of the test's own, empty; gone with it.
pub struct Folder(PathBuf);

impl Folder {
    #[track_caller]
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file in it.
    #[track_caller]
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An address that nobody uses, just now.
#[track_caller]
pub fn unused(host: &str) -> SocketAddr {
    let socket = std::net::UdpSocket::bind(format!("{host}:0")).expect("a socket on loopback");
    socket.local_addr().expect("it is bound")
}
