/* UDP sockets for WebAssembly components, by grant only: the contract `datagrant:dgram`, as POSIX has it.
 *
 * Each function is its namesake without `dg_`, with the same arguments: -1 and `errno` on failure, blocking unless told
 * otherwise. What differs from POSIX is said here, function by function; README.md has it as a table. What no grant allows
 * is EACCES, and the operator's line says which flag would allow it.
 *
 * Addresses are libc's (`struct sockaddr_in`, `sockaddr_in6`), which wasi-libc has for WASI preview 1 too, where it has no
 * sockets. C, C++ (from 11 on) and Zig can include this file. It is not for several threads at once. */
#ifndef DATAGRANT_H
#define DATAGRANT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What wasi-libc leaves out for WASI preview 1, with the numbers that it has elsewhere. */
#ifndef SO_REUSEADDR
#define SO_REUSEADDR 2
#define SO_ERROR 4
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_REUSEPORT 15
#define SO_DOMAIN 39
#define SO_RCVTIMEO 66
#define SO_SNDTIMEO 67
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/* Flags of sends and receives. Not MSG_*: wasi-libc's MSG_TRUNC is its MSG_PEEK, or does not compile. */
#define DG_PEEK 0x02     /* leave the datagram where it is */
#define DG_TRUNC 0x20    /* answer a datagram's whole length, also where it was cut to the buffer */
#define DG_DONTWAIT 0x40 /* EAGAIN in place of waiting */

/* Of SOL_SOCKET, an int: keep the port from the other workers of a service that share it. Before dg_bind. */
#define DG_SO_EXCLUSIVE 0x4447

/* Room for any address as text, with zone and port, and for the zero at its end. */
#define DG_ADDRESS_TEXT 80

/* ---- Sockets ---- */

/* A socket of AF_INET or AF_INET6, of type SOCK_DGRAM, or SOCK_DGRAM | SOCK_NONBLOCK. An IPv6 socket serves IPv4 too, unless
 * IPV6_V6ONLY is set. Its number is never used again, and is no descriptor of libc: `read` or `close` say EBADF to it. */
int dg_socket(int family, int type, int protocol);

/* The socket of this name that the host has bound and hands in (`--socket NAME=ADDRESS`). ENOENT: none was, or it was taken
 * before. It receives, and answers whoever wrote to it, without any other grant. */
int dg_take(const char *name);

/* The name of a socket that is handed in, taken or not, by index from 0 on. ENOENT: there are no more. ERANGE: too long. */
int dg_granted(size_t index, char *name, size_t size);

/* A null address is the unspecified one with port 0. */
int dg_bind(int fd, const struct sockaddr *address, socklen_t length);

/* As elsewhere, another call changes the peer, and one of AF_UNSPEC ends the connection. What others had sent before is not
 * received any more. The unspecified address means loopback. */
int dg_connect(int fd, const struct sockaddr *address, socklen_t length);

/* Ends what dg_connect began; the port stays. ENOTCONN: it is not connected. */
int dg_disconnect(int fd);

int dg_getsockname(int fd, struct sockaddr *address, socklen_t *length);
int dg_getpeername(int fd, struct sockaddr *address, socklen_t *length);

/* Of a socket or a lookup. Its port is free when this returns. */
int dg_close(int fd);

/* As O_NONBLOCK by fcntl. */
int dg_set_nonblocking(int fd, int on);

/* ---- Sending and receiving ---- */

/* Of flags, DG_DONTWAIT. An answer that an earlier datagram was refused (ECONNREFUSED) is told by the next send or receive of
 * a connected socket, whichever comes first. In dg_sendto the unspecified address means loopback. */
ssize_t dg_send(int fd, const void *data, size_t length, int flags);
ssize_t dg_sendto(int fd, const void *data, size_t length, int flags, const struct sockaddr *to, socklen_t to_length);

/* Of flags, DG_DONTWAIT, DG_PEEK and DG_TRUNC. */
ssize_t dg_recv(int fd, void *buffer, size_t size, int flags);
ssize_t dg_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *from, socklen_t *from_length);

/* One datagram of many: one `struct mmsghdr` with its parts in place, and what Linux has in control messages. */
struct dg_message {
  void *data;
  size_t size;                     /* of `data` in bytes: to be sent, or room to receive */
  size_t length;                   /* out: bytes that went, or the datagram's whole length */
  int flags;                       /* out, received: DG_TRUNC where it was cut to `size` */
  struct sockaddr_storage address; /* who sent it; where to: family AF_UNSPEC (0) for the connected peer */
  struct sockaddr_storage local;   /* with packet info on: where it arrived, or (AF_UNSPEC: the system's choice) where to
                                    * send from. The port is 0. */
  uint32_t interface;              /* out, with packet info on: the index of the interface that it came by */
  uint16_t segment;                /* bytes of each datagram that `data` is cut into (GSO), or that it was made of (GRO); 0: one */
  uint8_t ecn;                     /* the two bits of RFC 3168; received with IP_RECVTOS or IPV6_RECVTCLASS on */
};

/* Sends them in order, 64 to a call of the host, and answers how many went: fewer than `count` where one could not, whose
 * error the next call tells, since it begins with that one. It waits only while none went. */
int dg_sendmmsg(int fd, struct dg_message *messages, unsigned count, int flags);

/* Receives what is there, at most `count`, with one call of the host; waits, as dg_recvfrom, while nothing is there. */
int dg_recvmmsg(int fd, struct dg_message *messages, unsigned count, int flags);

/* ---- Waiting ---- */

/* As poll(2), of sockets and lookups; `timeout` in milliseconds, below 0 without end. Numbers of libc's are POLLNVAL. An error
 * that waits to be told is POLLIN | POLLERR, a socket whose grants were withdrawn POLLIN | POLLHUP. EINVAL: nothing to wait
 * for, and no timeout. */
int dg_poll(struct pollfd *fds, nfds_t count, int timeout);

/* ---- Options ---- */

/* SOL_SOCKET: SO_REUSEADDR, SO_REUSEPORT, SO_BROADCAST, SO_RCVBUF, SO_SNDBUF, SO_RCVTIMEO, SO_SNDTIMEO, DG_SO_EXCLUSIVE.
 * IPPROTO_IP: IP_TTL, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_MULTICAST_IF, IP_PKTINFO, IP_RECVTOS, IP_ADD_MEMBERSHIP,
 * IP_DROP_MEMBERSHIP, IP_ADD_SOURCE_MEMBERSHIP, IP_DROP_SOURCE_MEMBERSHIP.
 * IPPROTO_IPV6: IPV6_V6ONLY, IPV6_UNICAST_HOPS, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP, IPV6_MULTICAST_IF,
 * IPV6_RECVPKTINFO, IPV6_RECVTCLASS, IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP.
 * IPPROTO_UDP: UDP_GRO.
 * With Linux's arguments. SO_REUSEADDR, SO_REUSEPORT and IPV6_V6ONLY come before all other options and before dg_bind:
 * EINVAL after. ENOPROTOOPT: what is not in this list, or not of this socket's family. */
int dg_setsockopt(int fd, int level, int name, const void *value, socklen_t length);

/* What the contract can tell: of SOL_SOCKET all but SO_BROADCAST, and SO_ERROR, SO_TYPE, SO_DOMAIN; IPV6_V6ONLY. ENOPROTOOPT:
 * anything else. */
int dg_getsockopt(int fd, int level, int name, void *value, socklen_t *length);

/* Joins and leaves a group, of any source (null) or of one. The interface is its name, its index or one of its addresses; null:
 * the system's choice. The same for both families. */
int dg_join(int fd, const char *group, const char *interface, const char *source);
int dg_leave(int fd, const char *group, const char *interface, const char *source);

/* ---- Names and addresses ---- */

/* An address of text: `127.0.0.1:53`, `[::1]:53`, `[fe80::1%eth0]:53`. EINVAL: it is none. ENODEV: no such zone. */
int dg_address(const char *text, struct sockaddr_storage *address, socklen_t *length);

/* The same back, into `text`, which is answered; null on failure. ENOSPC: `size` is too small, which DG_ADDRESS_TEXT never is. */
const char *dg_address_text(const struct sockaddr *address, socklen_t length, char *text, size_t size);

/* As getaddrinfo, for one name: its addresses of a family (AF_UNSPEC: any), with this port (in the order of the host), and
 * how many; at most `max`. Waits. Addresses as text and `localhost` are answered without a lookup. ENOENT: no such name, or
 * no such address of it. ETIMEDOUT: the resolver did not answer. EIO: it failed. */
int dg_getaddrinfo(const char *name, int family, uint16_t port, struct sockaddr_storage *addresses, int max);

/* The same without waiting: a number to wait for with dg_poll (POLLIN), to take the answer of (EAGAIN: not yet), and to close
 * with dg_close. */
int dg_lookup(const char *name, int family);
int dg_lookup_answer(int fd, uint16_t port, struct sockaddr_storage *addresses, int max);

/* As if_nametoindex and if_indextoname. Interfaces that are not this guest's business are not shown: ENODEV, with 0 or null. */
unsigned dg_if_nametoindex(const char *name);
char *dg_if_indextoname(unsigned index, char *name, size_t size);

/* ---- Services ----
 *
 * A component that the host calls when there is something to do: compile datagrant.c with -DDATAGRANT_SERVICE and
 * -mexec-model=reactor, and define these three in place of `main`. Nothing may wait in them: all sockets of a service are
 * non-blocking from the first. Each answers how long to wait, in milliseconds, for something on any of the sockets and
 * lookups that are open, or one of what follows. A socket whose send said EAGAIN is waited for until it has room. A lookup
 * that has its answer is ready for as long as it is open: close it. */

#define DG_FOREVER (-1) /* without end */
#define DG_DONE (-2)    /* all is done; there is no further call */
#define DG_FAILED (-3)  /* it cannot go on: see dg_fail */

/* Once, before all else: takes or binds sockets. */
int dg_start(int argc, char **argv);
/* Something may be there: receives until EAGAIN, does what is due. */
int dg_step(void);
/* Once, when it is asked to end. */
int dg_stop(void);

/* DG_FAILED, for the reason given, which the operator is told; with the text of `errno` behind it where that is not 0. */
int dg_fail(const char *reason);

#ifdef __cplusplus
}
#endif

#endif
