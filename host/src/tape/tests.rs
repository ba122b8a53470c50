use super::*;
use crate::DgramCtx;
use crate::grants::{Grants, Right};
use crate::socket::{CreateFlags, ErrorCode, Family, Socket};
use std::io;

/// What is written down, as steps.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Written>>);

#[derive(Default)]
struct Written {
    steps: Vec<Step>,
    /// What the next step is about.
    datagrams: Vec<Vec<u8>>,
}

impl Recorder for Kept {
    fn datagram(&self, datagram: &Datagram<'_>) {
        self.0.lock().unwrap().datagrams.push(datagram.data.to_vec());
    }

    fn step(&self, question: &str, answer: &str, datagrams: usize) {
        let mut kept = self.0.lock().unwrap();
        let data = kept.datagrams.drain(..).collect::<Vec<_>>();
        assert_eq!(data.len(), datagrams, "{question}");
        kept.steps.push(Step::Asked {
            question: question.to_owned(),
            answer: answer.to_owned(),
            data: data.concat(),
        });
    }

    fn note(&self, _: &str) {}
}

impl Kept {
    fn steps(&self) -> Vec<Step> {
        self.0.lock().unwrap().steps.clone()
    }
}

/// A tape of these steps, and what it is over by.
fn replay(steps: Vec<Step>) -> (Tape, Arc<Mutex<Vec<Over>>>) {
    let over = Arc::new(Mutex::new(vec![]));
    let told = over.clone();
    let tape = Tape::replay(steps.into_iter(), move |why| told.lock().unwrap().push(why.clone()));
    (tape, over)
}

fn asked(question: &str, answer: &str) -> Step {
    Step::Asked {
        question: question.to_owned(),
        answer: answer.to_owned(),
        data: vec![],
    }
}

fn socket(tape: &Tape) -> (DgramCtx, Arc<Socket>) {
    let mut grants = Grants::new();
    grants.allow(Right::Bind, "127.0.0.1:0").unwrap();
    let builder = DgramCtx::builder().grants(grants, cap_std::ambient_authority());
    let mut ctx = builder.tape(tape).build();
    let socket = ctx.create(Family::Ipv4, CreateFlags::default()).unwrap();
    (ctx, socket)
}

/// What a socket comes to that sends to itself.
fn conversation(tape: &Tape, text: &[u8]) -> (Result<SocketAddr, ErrorCode>, String) {
    let (_ctx, socket) = socket(tape);
    let bound = socket.bind(Some("127.0.0.1:0".parse().unwrap()), false);
    socket.next_events(1);
    let sent = socket.send(text, bound.ok());
    let refused = socket.send(text, Some("192.0.2.1:9".parse().unwrap()));
    (bound, format!("{sent:?} {refused:?} {:?}", socket.next_events(64)))
}

#[test]
fn what_was_recorded_is_told_again() {
    let kept = Kept::default();
    let then = conversation(&Tape::record(kept.clone()), b"hello");
    assert!(then.0.is_ok() && then.1.contains("AccessDenied"), "{then:?}");
    let (tape, over) = replay(kept.steps());
    assert_eq!(conversation(&tape, b"hello"), then);
    assert_eq!(tape.left(), None);
    assert_eq!(*over.lock().unwrap(), []);
}

#[test]
fn the_first_difference_is_told_and_nothing_is_answered_after_it() {
    let (tape, over) = replay(vec![asked("a", "1"), asked("b", "2"), asked("c", "3")]);
    assert_eq!(tape.number("a", || 7), 1);
    assert_eq!(tape.number("x", || 7), 0);
    assert_eq!(tape.number("c", || 7), 0);
    let told = std::mem::take(&mut *over.lock().unwrap());
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].to_string(), "at step 2 the recording has: b; and now: x");
    assert_eq!(tape.left(), None, "it was told already");
}

#[test]
fn what_is_left_is_told() {
    let (tape, _) = replay(vec![asked("? fact", "1"), asked("a", "1")]);
    let left = tape.left().unwrap().to_string();
    assert_eq!(left, "at step 1 the recording has: a; and now: the guest has ended");
}

#[test]
fn facts_are_known_in_whatever_order_they_are_asked() {
    let (tape, over) = replay(vec![asked("? one", "1"), asked("? two", "error 19"), asked("a", "1")]);
    let fact = |name: &str| tape.fact(|| name.to_owned(), || Ok::<u32, io::Error>(0));
    assert_eq!(fact("two").unwrap_err().raw_os_error(), Some(19));
    assert_eq!(fact("one").unwrap(), 1);
    assert!(fact("three").is_err(), "nobody has said so");
    assert_eq!(tape.number("a", || 7), 1);
    assert_eq!(fact("one").unwrap(), 1);
    assert_eq!(*over.lock().unwrap(), []);
}

#[test]
fn an_answer_that_is_none_is_told() {
    for steps in [
        vec![asked("a", "one")],
        vec![Step::Broken("the disk is gone".to_owned())],
    ] {
        let (tape, over) = replay(steps);
        assert_eq!(tape.number("a", || 7), 0);
        assert!(matches!(over.lock().unwrap()[..], [Over::Broken(_)]));
    }
}

#[test]
fn every_answer_is_read_as_it_was_written() {
    #[track_caller]
    fn same<T: Answer + fmt::Debug>(answers: impl IntoIterator<Item = T>) {
        for answer in answers {
            let text = answer.to_text();
            assert!(!text.contains(['\t', '\n']), "{text:?}");
            let read = T::from_text(&text).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!(format!("{read:?}"), format!("{answer:?}"));
        }
    }
    same([io::Result::Ok(7_u32), Err(io::Error::from_raw_os_error(111))]);
    same(ErrorCode::ALL.map(Err::<(), _>).into_iter().chain([Ok(())]));
    same(["127.0.0.1:5", "[fe80::1%7]:5", "[::]:0"].map(|text| text.parse::<SocketAddr>().unwrap()));
    same([io::Result::Ok(vec![true, false]), Ok(vec![])]);
    same(["lo".to_owned(), String::new()]);
    same([vec![("::1".parse().unwrap(), Duration::from_secs(60))]]);
}
