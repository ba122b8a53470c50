//! `docs/benchmark.svg`: bars of the ratios to native, on a logarithmic scale.

use super::Report;
use crate::cell::{Cell, Contestant, Family, Work};
use std::fmt::Write as _;

const WIDTH: f64 = 860.0;
/// Where the bars' area begins and how wide it is.
const LEFT: f64 = 130.0;
const AREA: f64 = 640.0;
const BAR: f64 = 9.0;
const GROUP: f64 = 26.0;
/// The ends of the scale.
const LEAST: f64 = 0.02;
const MOST: f64 = 12.0;
const MARKS: [f64; 8] = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Where a ratio is on the scale.
fn x(ratio: f64) -> f64 {
    let share = (ratio.clamp(LEAST, MOST) / LEAST).ln() / (MOST / LEAST).ln();
    LEFT + AREA * share
}

fn colour(contestant: Contestant, bytes: usize) -> &'static str {
    let ours = matches!(
        contestant,
        Contestant::Typed
            | Contestant::Bursts
            | Contestant::BurstsOffload
            | Contestant::Sdk
            | Contestant::WasiSocketsOurs
    ) || contestant.is_program();
    match (ours, bytes) {
        (true, 64) => "#0b6e4f",
        (true, _) => "#6bbf9c",
        (false, 64) => "#5b6470",
        (false, _) => "#aeb5bd",
    }
}

impl Report {
    /// IPv4, both sizes.
    pub fn picture(&self) -> String {
        let mut body = String::new();
        let mut y = 74.0;
        for &work in Work::ALL {
            let top = y;
            let _ = writeln!(
                body,
                r#"<text x="12" y="{:.0}" class="work">{}</text>"#,
                y + 4.0,
                work.name()
            );
            y += 14.0;
            for &contestant in Contestant::ALL {
                let rows: Vec<_> = [64, 1200]
                    .into_iter()
                    .filter_map(|bytes| {
                        self.row(
                            Cell {
                                work,
                                bytes,
                                family: Family::Ipv4,
                            },
                            contestant,
                        )
                    })
                    .collect();
                if rows.is_empty() {
                    continue;
                }
                let name = contestant.name();
                let _ = writeln!(
                    body,
                    r#"<text x="{}" y="{:.0}" class="name">{name}</text>"#,
                    LEFT - 8.0,
                    y + 12.0
                );
                for (i, row) in rows.iter().enumerate() {
                    let at = y + i as f64 * (BAR + 1.0);
                    let ratio = row.figures().and_then(|f| f.to_native.as_ref());
                    let Some(ratio) = ratio else {
                        let _ = writeln!(
                            body,
                            r#"<text x="{LEFT}" y="{:.0}" class="value">missing</text>"#,
                            at + 8.0
                        );
                        continue;
                    };
                    let (one, end) = (x(1.0), x(ratio.median));
                    let (from, width) = (one.min(end), (end - one).abs().max(1.5));
                    let fill = colour(contestant, row.cell.bytes);
                    let _ = writeln!(
                        body,
                        r#"<rect x="{from:.1}" y="{at:.1}" width="{width:.1}" height="{BAR}" fill="{fill}"/>"#
                    );
                    let (text_x, anchor) = if end < one {
                        (end - 4.0, "end")
                    } else {
                        (end + 4.0, "start")
                    };
                    let _ = writeln!(
                        body,
                        r#"<text x="{text_x:.1}" y="{:.1}" class="value" text-anchor="{anchor}">{:.2}</text>"#,
                        at + 8.0,
                        ratio.median
                    );
                }
                y += GROUP;
            }
            for mark in MARKS {
                let class = if mark == 1.0 { "one" } else { "mark" };
                let (x, top, end) = (x(mark), top + 8.0, y - 2.0);
                let _ = writeln!(
                    body,
                    r#"<line x1="{x:.1}" y1="{top:.0}" x2="{x:.1}" y2="{end:.0}" class="{class}"/>"#
                );
                let _ = writeln!(
                    body,
                    r#"<text x="{x:.1}" y="{:.0}" class="scale">{mark}</text>"#,
                    end + 12.0
                );
            }
            y += 34.0;
        }
        let height = y - 10.0;
        let date = &self.machine.date;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0}" viewBox="0 0 {WIDTH} {height:.0}" role="img">
<title>CPU per datagram, as a ratio to native recvmmsg and sendmmsg of 64</title>
<style>
text {{ font: 12px sans-serif; fill: #222 }}
.head {{ font-size: 16px; font-weight: bold }}
.work {{ font-size: 14px; font-weight: bold }}
.name {{ text-anchor: end }}
.value, .scale {{ font-size: 10px; fill: #444 }}
.scale {{ text-anchor: middle }}
.mark {{ stroke: #ddd }}
.one {{ stroke: #888 }}
</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="26" class="head">CPU per datagram, as a ratio to native recvmmsg and sendmmsg of 64</text>
<text x="12" y="46">IPv4 on loopback; less is better; logarithmic. Upper bar: 64 bytes, lower: 1200. Green: guests on datagrant. {date}</text>
{body}</svg>
"##
        )
    }
}
