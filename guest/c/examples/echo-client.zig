//! The echo client in Zig, over the translated header. `echo-client ADDRESS [TEXT]`

const std = @import("std");
const c = @import("datagrant");

const tries = 3;
const timeout = 2000;

// Of libc, which the header does not bring.
extern fn strerror(errno: c_int) [*:0]const u8;
extern fn puts(text: [*:0]const u8) c_int;

fn failed(doing: []const u8, server: [:0]const u8) u8 {
    std.debug.print("echo-client: {s} {s}: {s}\n", .{ doing, server, strerror(std.c._errno().*) });
    return 1;
}

pub fn main(init: std.process.Init) !u8 {
    const args = try init.minimal.args.toSlice(init.arena.allocator());
    const server = if (args.len > 1) args[1] else "";
    const message = if (args.len > 2) args[2] else "hello";
    var address: c.struct_sockaddr_storage = .{};
    var length: c.socklen_t = 0;
    if (c.dg_address(server, &address, &length) < 0) {
        std.debug.print("echo-client: not an address and port: {s}\n", .{server});
        return 1;
    }
    // Connected, it hears the server only, on a port of the host's choice: a grant to send there is enough.
    const client = c.dg_socket(address.ss_family, c.SOCK_DGRAM, 0);
    defer _ = c.dg_close(client);
    if (c.dg_connect(client, @ptrCast(&address), length) < 0) return failed("connect", server);

    // UDP may lose a datagram, or its answer: so it is sent again.
    for (0..tries) |_| {
        if (c.dg_send(client, message.ptr, message.len, 0) < 0) return failed("send to", server);
        var readable: c.struct_pollfd = .{ .fd = client, .events = c.POLLIN };
        if (c.dg_poll(&readable, 1, timeout) <= 0) continue;
        var answer: [2048:0]u8 = undefined;
        const size = c.dg_recv(client, &answer, answer.len, 0);
        if (size < 0) return failed("receive from", server);
        answer[@intCast(size)] = 0;
        _ = puts(&answer);
        return 0;
    }
    std.debug.print("echo-client: no answer from {s} to {d} datagrams\n", .{ server, tries });
    return 1;
}
