//! Names, looked up while other tasks go on: `home.test` has an address, `silent.test` is never answered, `missing.test`
//! does not exist.

use crate::text;
use datagrant_guest::aio::{self, Elapsed, UdpSocket};
use datagrant_guest::bindings::name_lookup::Lookup;
use datagrant_guest::{ErrorCode, Family, error_code};
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub async fn run() -> io::Result<()> {
    an_answer_comes_while_another_is_awaited().await?;
    a_name_that_does_not_exist_is_an_error().await;
    a_lookup_sends_nothing().await;
    sends_and_connects_take_names().await
}

async fn an_answer_comes_while_another_is_awaited() -> io::Result<()> {
    let silent = aio::spawn(async { aio::lookup("silent.test", None).await });
    assert_eq!(aio::lookup("home.test", None).await?, [LOOPBACK]);
    // Dropped where it waits, which cancels it.
    let limited = aio::timeout(Duration::from_millis(20), aio::lookup("silent.test", None));
    assert_eq!(limited.await.err(), Some(Elapsed));
    silent.abort();
    assert_eq!(aio::lookup("home.test", Some(Family::Ipv4)).await?, [LOOPBACK]);
    Ok(())
}

async fn a_name_that_does_not_exist_is_an_error() {
    let error = aio::lookup("missing.test", None).await.expect_err("no such name");
    assert_eq!(error_code(&error), Some(ErrorCode::NameUnresolvable));
}

async fn a_lookup_sends_nothing() {
    let lookup = Lookup::start("home.test", None).expect("start");
    let error = aio::ready_to_send(lookup.id()).await.expect_err("a lookup");
    assert_eq!(error_code(&error), Some(ErrorCode::InvalidArgument));
    aio::ready_to_receive(lookup.id()).await.expect("an answer");
    assert!(lookup.answer().is_ok());
    let id = lookup.id();
    drop(lookup);
    let error = aio::ready_to_receive(id).await.expect_err("it is gone");
    assert_eq!(error_code(&error), Some(ErrorCode::InvalidState));
}

async fn sends_and_connects_take_names() -> io::Result<()> {
    let server = UdpSocket::bind("127.0.0.1:0").await?;
    let port = server.local_addr()?.port();
    let client = UdpSocket::bind("127.0.0.1:0").await?;
    client.send_to(b"by name", ("home.test", port)).await?;
    assert_eq!(text(&server).await?.0, "by name");
    client.connect(("home.test", port)).await?;
    client.send(b"connected by name").await?;
    assert_eq!(text(&server).await?.0, "connected by name");
    Ok(())
}
