//! Ids that stand for nothing.

use crate::bound;
use datagrant_guest::{ErrorCode, aio, error_code};
use std::io;

pub async fn run() -> io::Result<()> {
    let (socket, _) = bound().await?;
    let dropped = socket.socket().id();
    drop(socket);
    for id in [0, u32::MAX, dropped] {
        let receive = aio::ready_to_receive(id).await.expect_err("no such thing");
        assert_eq!(error_code(&receive), Some(ErrorCode::InvalidState));
        let send = aio::ready_to_send(id).await.expect_err("no such thing");
        assert_eq!(error_code(&send), Some(ErrorCode::InvalidState));
    }
    Ok(())
}
