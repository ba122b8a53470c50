//! The table, and what is set beside it.

use super::*;

#[test]
fn every_row_is_sound() {
    for limit in Limit::ALL {
        let (least, greatest) = (limit.least(), limit.greatest());
        assert!(least < greatest, "{limit}");
        assert!(
            limit
                .default_value()
                .is_none_or(|default| least <= default && default <= greatest)
        );
        assert_eq!(limit.as_str().parse(), Ok(limit));
        assert!(
            limit.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{limit}"
        );
        assert!(Limit::ALL[limit as usize] == limit && limit.meaning().len() <= 100);
        // What TOML and JSON tell exactly.
        assert!(greatest < 1 << 53);
    }
}

#[test]
fn what_is_not_set_has_its_default_and_what_is_set_wins() {
    let mut limits = Limits::new();
    for limit in Limit::ALL {
        assert_eq!(limits.get(limit), limit.default_value());
    }
    limits.set(Limit::Sockets, 0).unwrap().set(Limit::Peers, 128).unwrap();
    let mut other = Limits::new();
    other.set(Limit::Peers, 200).unwrap();
    limits.extend(&other);
    assert_eq!(
        (limits.get(Limit::Sockets), limits.get(Limit::Peers)),
        (Some(0), Some(200))
    );
    assert_eq!(
        limits.set_ones().collect::<Vec<_>>(),
        [(Limit::Sockets, 0), (Limit::Peers, 200)]
    );
}

#[test]
fn a_value_outside_is_refused_with_the_rule_and_the_mend_and_changes_nothing() {
    let mut limits = Limits::new();
    for limit in Limit::ALL {
        for value in [limit.least().checked_sub(1), limit.greatest().checked_add(1)]
            .into_iter()
            .flatten()
        {
            let error = limits.set(limit, value).unwrap_err();
            assert_eq!(
                error.mend(),
                format!("write one from {} to {}", limit.least(), limit.greatest())
            );
        }
        assert!(limits.set(limit, limit.least()).is_ok() && limits.set(limit, limit.greatest()).is_ok());
    }
}

#[test]
fn an_unknown_name_is_told_with_what_was_meant() {
    let error = "sokets".parse::<Limit>().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("sokets: unknown limit: did you mean sockets? It takes sockets, socket-")
    );
    assert!(
        "bandwidth"
            .parse::<Limit>()
            .unwrap_err()
            .mend()
            .starts_with("write one of sockets, ")
    );
}

/// `docs/limits.md`: the same rows.
#[test]
fn the_page_has_the_table() {
    let page = include_str!("../../../docs/limits.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let number = |value: u64| {
        let digits = value.to_string();
        let groups = digits.as_bytes().rchunks(3).rev();
        let groups: Vec<&str> = groups.map(|group| std::str::from_utf8(group).unwrap()).collect();
        groups.join(",")
    };
    let expected = Limit::ALL.map(|limit| {
        let default = limit.default_value().map_or("none".to_owned(), number);
        let (least, greatest) = (number(limit.least()), number(limit.greatest()));
        format!("| `{limit}` | {default} | {least} | {greatest} | {} |", limit.meaning())
    });
    assert_eq!(rows, expected);
}
