//! Its grants are withdrawn while it waits, by whoever runs it.

use crate::bound;
use datagrant_guest::{ErrorCode, aio, error_code};
use std::io;
use std::time::Duration;

pub async fn run() -> io::Result<()> {
    let (socket, _) = bound().await?;
    let (other, _) = bound().await?;
    let receiver = aio::spawn(async move { socket.recv_from(&mut [0; 100]).await });
    let id = other.socket().id();
    let waiting = aio::spawn(aio::ready_to_receive(id));
    aio::sleep(Duration::from_millis(5)).await;
    assert!(!receiver.is_finished() && !waiting.is_finished());
    println!("waiting");
    waiting.await.expect("nobody aborts it")?;
    let error = receiver.await.expect("nobody aborts it").expect_err("it is closed");
    assert_eq!(error_code(&error), Some(ErrorCode::AccessDenied));
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    Ok(())
}
