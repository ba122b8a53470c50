//! "Did you mean".

/// What to write instead of a word that is not among those that are known.
pub(crate) fn one_of(word: &str, known: &[&str]) -> String {
    let near = known
        .iter()
        .map(|other| (strsim::damerau_levenshtein(word, other), other));
    let near = near.min().filter(|(distance, _)| *distance <= (word.len() / 4).max(2));
    let all = known.join(", ");
    match near {
        Some((_, other)) => format!("did you mean {other}? It takes {all}"),
        None => format!("write one of {all}"),
    }
}
