/* The checks of the C SDK: the same, by the same names, as those of the other languages (see ../README.md). */

#include "datagrant.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What nothing on loopback takes, and what is waited for what must not come: milliseconds. */
enum { PATIENCE = 5000, A_MOMENT = 50 };

static char reason[256];

/* Of what may go wrong here. */
static const char *name_of(int error) {
  switch (error) {
    case EACCES: return "EACCES";
    case EADDRINUSE: return "EADDRINUSE";
    case EAGAIN: return "EAGAIN";
    case EBADF: return "EBADF";
    case ECONNREFUSED: return "ECONNREFUSED";
    case EMSGSIZE: return "EMSGSIZE";
    case ENOENT: return "ENOENT";
    case EOPNOTSUPP: return "EOPNOTSUPP";
    default: return strerror(error);
  }
}

/* Ends a check where `condition` does not hold. */
#define need(condition)                                                                          \
  do {                                                                                           \
    errno = 0;                                                                                   \
    if (!(condition)) {                                                                          \
      snprintf(reason, sizeof reason, "%s (line %d): %s", #condition, __LINE__, name_of(errno)); \
      return false;                                                                              \
    }                                                                                            \
  } while (0)

/* Ends it where a call does not fail with this errno. */
#define fails(call, error) need((call) < 0 && errno == (error))

static int opened[16];
static size_t opened_count;

/* A socket that is closed after its check, bound to a free port. */
static int bound_to(const char *where) {
  struct sockaddr_storage address;
  socklen_t length;
  if (dg_address(where, &address, &length) < 0) return -1;
  int fd = dg_socket(address.ss_family, SOCK_DGRAM, 0);
  if (fd < 0) return -1;
  opened[opened_count++] = fd;
  struct timeval patience = {.tv_sec = PATIENCE / 1000};
  if (dg_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0) return -1;
  return dg_bind(fd, (struct sockaddr *)&address, length) < 0 ? -1 : fd;
}

static int bound(void) {
  return bound_to("127.0.0.1:0");
}

static struct sockaddr_storage address_of(int fd) {
  struct sockaddr_storage address = {0};
  socklen_t length = sizeof address;
  dg_getsockname(fd, (struct sockaddr *)&address, &length);
  return address;
}

static bool send_to(int from, const void *data, size_t length, struct sockaddr_storage to) {
  return dg_sendto(from, data, length, 0, (struct sockaddr *)&to, sizeof to) == (ssize_t)length;
}

static bool say(int from, const char *text, int to) {
  return send_to(from, text, strlen(text), address_of(to));
}

/* Whether the next datagram is this text; who sent it. */
static bool hears_from(int fd, const char *text, struct sockaddr_storage *from) {
  char data[2048];
  socklen_t length = sizeof *from;
  ssize_t size = dg_recvfrom(fd, data, sizeof data, 0, (struct sockaddr *)from, &length);
  return size == (ssize_t)strlen(text) && memcmp(data, text, strlen(text)) == 0;
}

static bool hears(int fd, const char *text) {
  struct sockaddr_storage from;
  return hears_from(fd, text, &from);
}

static bool same(const struct sockaddr_storage *a, const struct sockaddr_storage *b) {
  char left[DG_ADDRESS_TEXT], right[DG_ADDRESS_TEXT];
  return dg_address_text((const struct sockaddr *)a, sizeof *a, left, sizeof left) &&
         dg_address_text((const struct sockaddr *)b, sizeof *b, right, sizeof right) && strcmp(left, right) == 0;
}

static bool goes_on(int fd) {
  int other = bound();
  return say(fd, "still here", other) && hears(other, "still here");
}

static bool there_and_back(const char *where) {
  int a = bound_to(where), b = bound_to(where);
  struct sockaddr_storage from, expected = address_of(a);
  need(say(a, "there", b));
  need(hears_from(b, "there", &from));
  need(same(&from, &expected));
  need(send_to(b, "and back", 8, from));
  need(hears(a, "and back"));
  return true;
}

static bool echo(void) {
  return there_and_back("127.0.0.1:0");
}

static bool ipv6(void) {
  return there_and_back("[::1]:0");
}

static bool sizes(void) {
  static const size_t all[] = {0, 1, 1472, 65507};
  static unsigned char data[65507], got[65536];
  for (size_t i = 0; i < sizeof data; i++) data[i] = (unsigned char)(i * 31 + i / 256);
  int a = bound(), b = bound();
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    need(send_to(a, data, all[i], address_of(b)));
    need(dg_recv(b, got, sizeof got, 0) == (ssize_t)all[i]);
    need(memcmp(got, data, all[i]) == 0);
  }
  /* What does not fit is cut, and its length is told. */
  need(send_to(a, data, 100, address_of(b)));
  need(dg_recv(b, got, 10, DG_PEEK) == 10);
  need(dg_recv(b, got, 10, DG_TRUNC) == 100);
  return true;
}

static bool order(void) {
  enum { ALL = 1000, AT_MOST = 50, EACH = 100 };
  static char data[AT_MOST][EACH], got[AT_MOST][EACH];
  static struct dg_message out[AT_MOST], in[AT_MOST];
  int a = bound(), b = bound();
  for (int i = 0; i < AT_MOST; i++) {
    out[i] = (struct dg_message){.data = data[i], .size = EACH, .address = address_of(b)};
    in[i] = (struct dg_message){.data = got[i], .size = EACH};
  }
  for (int sent = 0, heard = 0; sent < ALL;) {
    for (int i = 0; i < AT_MOST; i++) snprintf(data[i], EACH, "number %d", sent + i);
    /* Where the host has no room for all of them, the rest comes next. */
    for (int gone = 0, more; gone < AT_MOST; gone += more) need((more = dg_sendmmsg(a, out + gone, (unsigned)(AT_MOST - gone), 0)) > 0);
    sent += AT_MOST;
    while (heard < sent) {
      int count = dg_recvmmsg(b, in, AT_MOST, 0);
      need(count > 0);
      for (int i = 0; i < count; i++, heard++) {
        char expected[EACH] = "";
        snprintf(expected, sizeof expected, "number %d", heard);
        need(in[i].length == EACH && in[i].flags == 0 && strcmp(got[i], expected) == 0);
      }
    }
  }
  return true;
}

static bool connect_(void) {
  int a = bound(), b = bound(), third = bound();
  struct sockaddr_storage to = address_of(b), peer = {0};
  socklen_t length = sizeof peer;
  need(dg_connect(a, (struct sockaddr *)&to, sizeof to) == 0);
  need(dg_getpeername(a, (struct sockaddr *)&peer, &length) == 0 && same(&peer, &to));
  need(dg_send(a, "to the peer", 11, 0) == 11);
  need(hears(b, "to the peer"));
  need(say(third, "from a third", a));
  need(say(b, "from the peer", a));
  need(hears(a, "from the peer"));
  fails(dg_recv(a, &peer, sizeof peer, DG_DONTWAIT), EAGAIN);
  need(dg_disconnect(a) == 0);
  need(say(third, "from a third", a));
  need(hears(a, "from a third"));
  return true;
}

static bool refused(void) {
  int a = bound(), gone = bound();
  struct sockaddr_storage to = address_of(gone);
  need(dg_connect(a, (struct sockaddr *)&to, sizeof to) == 0);
  need(dg_close(gone) == 0);
  /* Told by the next send or receive: whichever comes first. */
  for (int i = 0; i < 100; i++) {
    if (dg_send(a, "is anybody there", 16, 0) < 0) break;
    struct pollfd readable = {.fd = a, .events = POLLIN};
    char data[16];
    if (dg_poll(&readable, 1, A_MOMENT) > 0 && dg_recv(a, data, sizeof data, 0) < 0) break;
    errno = 0;
  }
  int told = errno;
  fails((errno = told) ? -1 : 0, ECONNREFUSED);
  return true;
}

static bool in_use(void) {
  int first = bound(), second = dg_socket(AF_INET, SOCK_DGRAM, 0);
  opened[opened_count++] = second;
  struct sockaddr_storage taken = address_of(first);
  fails(dg_bind(second, (struct sockaddr *)&taken, sizeof taken), EADDRINUSE);
  return true;
}

static bool too_long(void) {
  static char data[65508];
  int a = bound(), b = bound();
  struct sockaddr_storage to = address_of(b);
  fails(dg_sendto(a, data, sizeof data, 0, (struct sockaddr *)&to, sizeof to), EMSGSIZE);
  need(goes_on(a));
  return true;
}

static bool denied(void) {
  int a = bound();
  struct sockaddr_storage to;
  socklen_t length;
  need(dg_address("192.0.2.1:9", &to, &length) == 0);
  fails(dg_sendto(a, "x", 1, 0, (struct sockaddr *)&to, length), EACCES);
  need(goes_on(a));
  return true;
}

static bool closed(void) {
  int a = dg_socket(AF_INET, SOCK_DGRAM, 0);
  char data[16];
  need(a >= 0 && dg_close(a) == 0);
  fails(dg_send(a, "x", 1, 0), EBADF);
  fails(dg_recv(a, data, sizeof data, 0), EBADF);
  fails(dg_close(a), EBADF);
  struct pollfd gone = {.fd = a, .events = POLLIN};
  need(dg_poll(&gone, 1, 0) == 1 && gone.revents == POLLNVAL);
  return true;
}

static long long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool timers(void) {
  int a = bound();
  struct pollfd readable = {.fd = a, .events = POLLIN};
  /* A program in C has the timer as the timeout of its poll. */
  long long began = milliseconds();
  need(dg_poll(&readable, 1, A_MOMENT) == 0);
  need(milliseconds() - began >= A_MOMENT - 1);
  need(say(a, "from a timer", a));
  need(dg_poll(&readable, 1, PATIENCE) == 1 && readable.revents == POLLIN);
  need(hears(a, "from a timer"));
  struct timeval moment = {.tv_usec = A_MOMENT * 1000};
  need(dg_setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment) == 0);
  char data[16];
  fails(dg_recv(a, data, sizeof data, 0), EAGAIN);
  return true;
}

static bool names(void) {
  int a = bound(), b = bound();
  struct sockaddr_storage named = address_of(b), expected = named;
  uint16_t port = ntohs(((struct sockaddr_in *)&named)->sin_port);
  need(dg_getaddrinfo("home.test", AF_INET, port, &named, 1) == 1);
  need(same(&named, &expected));
  need(send_to(a, "by name", 7, named));
  need(hears(b, "by name"));
  return true;
}

static bool multicast(void) {
  int member = bound_to("0.0.0.0:0"), sender = bound(), on = 1;
  struct sockaddr_storage group = address_of(member);
  struct in_addr loopback = {htonl(INADDR_LOOPBACK)};
  inet_pton(AF_INET, "239.255.77.9", &((struct sockaddr_in *)&group)->sin_addr);
  need(dg_join(member, "239.255.77.9", "127.0.0.1", NULL) == 0);
  need(dg_setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof loopback) == 0);
  need(dg_setsockopt(sender, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof on) == 0);
  need(send_to(sender, "to the group", 12, group));
  need(hears(member, "to the group"));
  struct ip_mreq left = {.imr_multiaddr = ((struct sockaddr_in *)&group)->sin_addr, .imr_interface = loopback};
  need(dg_setsockopt(member, IPPROTO_IP, IP_DROP_MEMBERSHIP, &left, sizeof left) == 0);
  return true;
}

static bool options(void) {
  int a = bound(), hops = 7, bytes = 65536, got = 0;
  socklen_t length = sizeof got;
  need(dg_setsockopt(a, IPPROTO_IP, IP_TTL, &hops, sizeof hops) == 0);
  need(dg_setsockopt(a, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) == 0);
  need(dg_getsockopt(a, SOL_SOCKET, SO_RCVBUF, &got, &length) == 0 && got >= bytes);
  return true;
}

static const struct {
  const char *name;
  bool (*check)(void);
} checks[] = {
    {"echo", echo},         {"ipv6", ipv6},     {"sizes", sizes},       {"order", order},   {"connect", connect_},
    {"refused", refused},   {"in-use", in_use}, {"too-long", too_long}, {"denied", denied}, {"closed", closed},
    {"timers", timers},     {"names", names},   {"multicast", multicast}, {"options", options},
};

static bool run(size_t which) {
  bool ok = checks[which].check();
  if (ok) printf("%s ok\n", checks[which].name);
  else printf("%s failed: %s\n", checks[which].name, reason);
  while (opened_count > 0) dg_close(opened[--opened_count]);
  return ok;
}

__attribute__((noinline)) static void deeper(const char *message) {
  fprintf(stderr, "%s\n", message);
  abort();
}

int main(int argc, char **argv) {
  size_t count = sizeof checks / sizeof *checks;
  bool ok = true;
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  if (argc == 2 && strcmp(argv[1], "throw") == 0) deeper("the reason that it gives");
  for (size_t i = 0; argc < 2 && i < count; i++) ok &= run(i);
  for (int arg = 1; arg < argc; arg++) {
    for (size_t i = 0; i < count; i++) {
      if (strcmp(checks[i].name, argv[arg]) == 0) ok &= run(i);
    }
  }
  return ok ? 0 : 1;
}
