//! `docs/benchmark.md`.

use super::{Report, text::markdown};
use crate::cell::{Cell, Contestant, Work};
use std::fmt::Write as _;

impl Report {
    /// `profile` is written by hand: what the profile shows where a goal is not reached.
    pub fn page(&self, profile: &str) -> String {
        let mut page = String::from("# What a datagram costs\n\n");
        let _ = writeln!(
            page,
            "Written by `{} --write`; do not edit. What it measures and how stands at the [end](#how-it-is-measured).\n",
            self.command
        );
        page += "![CPU per datagram, as a ratio to native recvmmsg and sendmmsg of 64](benchmark.svg)\n\n";
        page += "## The goals\n\n";
        page += "CPU per datagram as a ratio, medians of one run, IPv4.\n\n";
        page += &self.goals();
        let _ = write!(page, "\n## What the profile shows\n\n{}\n", profile.trim());
        page += "\n## The machine\n\n";
        page += &self.machine_table();
        for (work, meaning) in [
            (
                Work::Receive,
                "A flood comes in, faster than anybody takes it one by one.",
            ),
            (Work::Send, "To a socket that nobody reads."),
            (
                Work::Echo,
                "64 datagrams are under way; the cost is of receiving one and sending it back.",
            ),
            (
                Work::Rtt,
                "One datagram is under way; the cost is of receiving it and sending it back, with the waits between.",
            ),
            (
                Work::RttApart,
                "The same with the other side on another processor, as the goal was set: each datagram wakes the other \
                 processor, and most of the figure is the price of that in a virtual machine.",
            ),
        ] {
            let cells: Vec<Cell> = self.cells().into_iter().filter(|cell| cell.work == work).collect();
            if cells.is_empty() {
                continue;
            }
            let _ = write!(page, "\n## {}\n\n{meaning}\n", work.name());
            for cell in cells {
                let _ = write!(
                    page,
                    "\n### {}, {} bytes, {}\n\n",
                    work.name(),
                    cell.bytes,
                    cell.family.name()
                );
                page += &self.table(cell);
            }
        }
        page += "\n## The rest\n\n";
        page += &self.extras_table();
        page += "\n## The contestants\n\n";
        let mut rows = vec![["name", "is"].map(str::to_owned)];
        rows.extend(
            Contestant::ALL
                .iter()
                .map(|c| [format!("`{}`", c.name()), c.description().to_owned()]),
        );
        page += &markdown(&rows);
        page += "\n## How it is measured\n\n";
        let _ = write!(page, "{}", METHOD.trim_start());
        page
    }

    fn machine_table(&self) -> String {
        let machine = &self.machine;
        let virtual_machine = if machine.hypervisor { ", a virtual machine" } else { "" };
        let rows = [
            ["", ""].map(str::to_owned),
            [
                "processor".to_owned(),
                format!("{}{virtual_machine}", machine.processor),
            ],
            ["cores".to_owned(), machine.cores.to_string()],
            ["kernel".to_owned(), machine.kernel.clone()],
            ["Rust".to_owned(), machine.rustc.clone()],
            ["Node".to_owned(), machine.node.clone()],
            ["commit".to_owned(), machine.commit.clone()],
            ["date".to_owned(), machine.date.clone()],
            [
                "other load".to_owned(),
                self.others.map_or("unknown".to_owned(), |share| {
                    format!("other programs used {:.0}% of the processors meanwhile", share * 100.0)
                }),
            ],
            [
                "rounds".to_owned(),
                format!(
                    "{} of about {} ms for each contestant; {} s in all",
                    self.rounds,
                    self.milliseconds,
                    self.took.as_secs()
                ),
            ],
        ];
        markdown(&rows)
    }
}

const METHOD: &str = "
- Each contestant is a process of its own, kept on one processor; the traffic's other side is one more, and its cost is
  not counted. What the kernel does on the contestant's behalf is: on loopback, a sender pays for the way to the
  receiver's queue.
- The other side floods from another processor. In echo and rtt, where the two take turns, it shares the contestant's:
  otherwise each datagram would wake another processor, at a price that a virtual machine makes tenfold and that a server
  whose clients are elsewhere does not pay. There it is scheduled as SCHED_BATCH, so that a contestant goes on after a
  send until it waits. `--together` lets everything share one processor.
- `native`, to which all is compared, runs an event loop, as all do that can wait for more than one thing; what a
  blocking call saves is told by `native-blocking`.
- CPU is what the process used, all threads, in user and in kernel mode (Rust: CLOCK_PROCESS_CPUTIME_ID; Node:
  `process.cpuUsage`), from before the first datagram to after the last, divided by their number.
- A round has each contestant once, in an order that rotates. Ratios are of the same round; told are the median over the
  rounds and the quartiles. `noisy`: the quartiles of the ratio are more than 15% of it apart.
- Before the rounds of a work each contestant does up to 20,000 datagrams of it: Node's compiler has had its time.
- Each receiver looks at every datagram: its length, its first and its last byte. What is sent is counted where it
  arrives, in the queue or thrown away there, and must be all of it. What is echoed must come back, each once.
- The flood is sent with GSO. A receiver without GRO gets it cut by the kernel, at the sender's cost; so does the sink of
  what is sent with GSO, and there the sender's cost is what is measured.
- The guests are one component, built with `--release`, on wasmtime as the program configures it, with the least grants
  that do: bind for receivers, and the sink's address for senders. An echo is a reply, which bind includes.
- Programs in JavaScript and Python are the same source natively and as guests (`tests/bench/node`, `tests/bench/python`): commands,
  with the loop of their SDK. A guest is a new instance for each measurement; its start is not in the figure, its end is.
- Memory: 1,000 instances in one process, each with a bound socket, suspended in a wait without end; what the process's
  resident memory has grown by, without the kernel's part. Afterwards each must echo a datagram.
- Neighbour: a guest that sends itself bursts of 64 bytes and takes them, beside one on a thread of its own, and on another
  processor, that wants more than its limits again and again. Told is the ratio to the sample before, which it did alone.
- Cold start: from before the process is made to its first echo being back. The file and the compiled code are cached.
";
