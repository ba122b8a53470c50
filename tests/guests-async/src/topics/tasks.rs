//! Several tasks in one component.

use crate::{bound, text};
use datagrant_guest::aio;
use std::io;
use std::time::Duration;

pub async fn run() -> io::Result<()> {
    two_sockets_in_two_tasks().await?;
    two_tasks_on_one_socket().await?;
    a_task_that_is_aborted().await
}

/// Each answers the other, and neither would get on if one's wait stopped the other.
async fn two_sockets_in_two_tasks() -> io::Result<()> {
    const ROUNDS: usize = 200;
    let ((one, first), (two, second)) = (bound().await?, bound().await?);
    let answering = aio::spawn(async move {
        for _ in 0..ROUNDS {
            let (text, from) = text(&two).await?;
            two.send_to(text.to_uppercase().as_bytes(), from).await?;
        }
        io::Result::Ok(())
    });
    let asking = aio::spawn(async move {
        for round in 0..ROUNDS {
            one.send_to(format!("round {round}").as_bytes(), second).await?;
            assert_eq!(text(&one).await?, (format!("ROUND {round}"), second));
        }
        io::Result::Ok(())
    });
    assert_ne!(first, second);
    answering.await.expect("nobody aborts it")?;
    asking.await.expect("nobody aborts it")
}

/// Each datagram goes to one of them, and none stays behind while one still waits.
async fn two_tasks_on_one_socket() -> io::Result<()> {
    const EACH: usize = 50;
    let ((socket, local), (sender, _)) = (bound().await?, bound().await?);
    let receive = || {
        let socket = socket.clone();
        aio::spawn(async move {
            let mut texts = vec![];
            while texts.len() < EACH {
                texts.push(text(&socket).await?.0);
                // The other one's turn.
                aio::sleep(Duration::from_micros(10)).await;
            }
            io::Result::Ok(texts)
        })
    };
    let (one, two) = (receive(), receive());
    let mut sent = vec![];
    for number in 0..2 * EACH {
        sent.push(number.to_string());
        sender.send_to(number.to_string().as_bytes(), local).await?;
        if number % 7 == 0 {
            aio::sleep(Duration::from_micros(10)).await;
        }
    }
    let mut received = one.await.expect("nobody aborts it")?;
    received.extend(two.await.expect("nobody aborts it")?);
    received.sort_by_key(|text| text.parse::<usize>().expect("a number"));
    assert_eq!(received, sent);
    Ok(())
}

async fn a_task_that_is_aborted() -> io::Result<()> {
    let (socket, local) = bound().await?;
    let receiver = aio::spawn({
        let socket = socket.clone();
        async move { text(&socket).await }
    });
    aio::sleep(Duration::from_millis(1)).await;
    receiver.abort();
    assert!(receiver.await.is_none());
    socket.send_to(b"still here", local).await?;
    assert_eq!(text(&socket).await?.0, "still here");
    Ok(())
}
