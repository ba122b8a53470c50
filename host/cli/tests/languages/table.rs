//! The table of what ran.

use crate::provider::Provider;
use crate::{CHECKS, LANGUAGES, OTHERS};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What came of one.
pub enum Cell {
    Ok,
    /// As declared, and why.
    Differs(&'static str),
    Failed(String),
    /// What is missing.
    NotRun(String),
}

/// Language, provider, check.
type Place = (&'static str, Provider, &'static str);

#[derive(Default)]
pub struct Table(Mutex<BTreeMap<Place, Cell>>);

impl Table {
    pub fn put(&self, place: Place, cell: Cell) {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.insert(place, cell);
    }

    /// Prints it, if there is anything in it: a line a check, and for each language a column a provider.
    pub fn print(&self) {
        let cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cells.is_empty() {
            return;
        }
        let languages = LANGUAGES.map(|(language, _)| language);
        let ran = |language: &&str| cells.keys().any(|(of, ..)| of == language);
        let languages: Vec<&'static str> = languages.into_iter().filter(ran).collect();

        let [mut first, mut second] = [format!("{:11}", ""), format!("{:11}", "")];
        for language in &languages {
            first += &format!("| {language:15}");
            second += "| ";
            for provider in Provider::ALL {
                second += &format!("{:5}", &provider.name()[..3]);
            }
        }
        println!("Each language on each provider: native, the adapter over wasi:sockets, through a middleware\n");
        println!("{}\n{}", first.trim_end(), second.trim_end());
        let mut notes: Vec<String> = vec![];
        for check in CHECKS.into_iter().chain(OTHERS) {
            let mut line = format!("{check:11}");
            for &language in &languages {
                line += "| ";
                for provider in Provider::ALL {
                    let text = match cells.get(&(language, provider, check)) {
                        None => String::new(),
                        Some(Cell::Ok) => "ok".to_owned(),
                        Some(Cell::Differs(why)) => format!("({})", note(&mut notes, why)),
                        Some(Cell::Failed(_)) => "FAIL".to_owned(),
                        Some(Cell::NotRun(why)) => format!("-({})", note(&mut notes, &format!("not run: {why}"))),
                    };
                    line += &format!("{text:5}");
                }
            }
            println!("{}", line.trim_end());
        }
        println!();
        for (number, note) in notes.iter().enumerate() {
            println!("({}) {note}", number + 1);
        }
        println!();
    }
}

/// Its number.
fn note(notes: &mut Vec<String>, text: &str) -> usize {
    let place = notes.iter().position(|note| note == text).unwrap_or_else(|| {
        notes.push(text.to_owned());
        notes.len() - 1
    });
    place + 1
}
