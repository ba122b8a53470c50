use super::*;

#[test]
fn one_piece_is_not_copied() {
    let vec = vec![1, 2];
    assert!(matches!(vec.payload(), Cow::Borrowed(bytes) if bytes.as_ptr() == vec.as_ptr()));
    assert!(matches!("text".payload(), Cow::Borrowed(_)));
    assert!(matches!((&&b"x"[..]).payload(), Cow::Borrowed(b"x")));
}

#[test]
fn several_pieces_are_one_datagram_in_their_order() {
    let (a, b) = (b"ab", [0, 1]);
    assert_eq!(*[&a[..], &[], &b].payload(), [b'a', b'b', 0, 1]);
    assert_eq!(*["ä", "b"].payload(), *"äb".as_bytes());
    assert_eq!(*[vec![1], vec![2, 3]].as_slice().payload(), [1, 2, 3]);
    assert_eq!(*[String::from("x")].payload(), *b"x");
    assert_eq!(*[IoSlice::new(a), IoSlice::new(&b)].payload(), [b'a', b'b', 0, 1]);
    let none: [&[u8]; 0] = [];
    assert!(none.payload().is_empty());
}
