use super::*;

fn key(name: &str) -> (SocketAddr, String) {
    (([127, 0, 0, 1], 4000).into(), name.to_owned())
}

fn block(number: u32, more: bool) -> Block {
    let bytes = 16;
    Block { number, more, bytes }
}

fn read(value: &[u8]) -> Result<Option<Block>, ResponseType> {
    let mut packet = Packet::new();
    packet.add_option(CoapOption::Block2, value.to_vec());
    Block::of(&packet, CoapOption::Block2)
}

#[test]
fn a_block_is_written_as_it_is_read() {
    assert_eq!(read(&[]), Ok(Some(block(0, false))));
    assert_eq!(read(&[0x18]), Ok(Some(block(1, true))));
    assert_eq!(read(&[0x0f]), Err(ResponseType::BadRequest), "an exponent of 7");
    assert_eq!(read(&[1, 0, 0]), Ok(Some(block(4096, false))));
    assert_eq!(read(&[1, 0, 0, 0]), Err(ResponseType::BadOption), "a byte too much");
    assert_eq!(block(1, true).to_bytes(), [0x18]);
    assert_eq!(Block::of(&Packet::new(), CoapOption::Block2), Ok(None));
}

#[test]
fn content_is_cut_where_it_is_too_long_or_less_is_wanted() {
    let content: Vec<u8> = (0..1500).map(|n| n as u8).collect();
    let cut = |length: usize, wanted| {
        let mut answer = Packet::new();
        cut(&mut answer, &content[..length], wanted)?;
        Ok((answer.payload.clone(), Block::of(&answer, CoapOption::Block2)?))
    };
    let long = |number, more| Block {
        number,
        more,
        bytes: 1024,
    };
    assert_eq!(cut(1024, None), Ok((content[..1024].to_vec(), None)));
    assert_eq!(cut(1500, None), Ok((content[..1024].to_vec(), Some(long(0, true)))));
    let second = long(1, false);
    assert_eq!(cut(1500, Some(second)), Ok((content[1024..].to_vec(), Some(second))));
    let short = block(1, false);
    assert_eq!(cut(20, Some(short)), Ok((content[16..20].to_vec(), Some(short))));
    assert_eq!(cut(0, Some(block(0, true))), Ok((vec![], Some(block(0, false)))));
    assert_eq!(
        cut(32, Some(block(2, false))),
        Err(ResponseType::BadRequest),
        "behind the end"
    );
}

#[test]
fn an_upload_is_put_together_in_order() {
    let mut uploads = Uploads::default();
    let mut add = |number, more, length| uploads.add(key("a"), &block(number, more), &[number as u8; 16][..length]);
    assert_eq!(
        add(1, true, 16),
        Err(ResponseType::RequestEntityIncomplete),
        "no beginning"
    );
    assert_eq!(add(0, true, 16), Ok(Part::More));
    // It begins again.
    assert_eq!(add(0, true, 16), Ok(Part::More));
    assert_eq!(add(1, true, 16), Ok(Part::More));
    let whole = [&[0; 16][..], &[1; 16], &[2]].concat();
    assert_eq!(add(2, false, 1), Ok(Part::Whole(whole)));
    assert_eq!(
        add(3, false, 1),
        Err(ResponseType::RequestEntityIncomplete),
        "it is over"
    );
    assert_eq!(
        add(0, true, 15),
        Err(ResponseType::BadRequest),
        "only the last one may be shorter"
    );
}

#[test]
fn uploads_are_held_in_length_and_number() {
    let mut uploads = Uploads::default();
    let part = |number| Block {
        number,
        more: true,
        bytes: 1024,
    };
    for number in 0..32 {
        assert_eq!(uploads.add(key("a"), &part(number), &[0; 1024]), Ok(Part::More));
    }
    let longer = uploads.add(key("a"), &part(32), &[0; 1024]);
    assert_eq!(longer, Err(ResponseType::RequestEntityTooLarge));
    for n in 0..100 {
        assert_eq!(uploads.add(key(&n.to_string()), &part(0), &[0; 1024]), Ok(Part::More));
    }
    assert_eq!(uploads.0.len(), MOST_UPLOADS);
}
