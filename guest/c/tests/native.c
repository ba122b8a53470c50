/* Tests that need no component: addresses as text, and what a provider that is wrong can do to a guest's memory. Built with the
 * sanitizers of addresses, leaks and undefined behaviour. A test is a function; its name is printed, and what fails ends it. */

#include "../datagrant.h"
#include "fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define need(condition)                                                        \
  do {                                                                         \
    if (!(condition)) {                                                        \
      printf("line %d does not hold: %s (errno %d)\n", __LINE__, #condition, errno); \
      exit(1);                                                                 \
    }                                                                          \
  } while (0)
#define fails(call, error) need((errno = 0, (call) < 0) && errno == (error))

/* The same numbers in each run. */
static uint32_t random_number(void) {
  static uint64_t state = 7;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33);
}

static int parse(const char *text, struct sockaddr_storage *address) {
  /* In memory of just its size, so that one byte too much is seen. */
  char *copy = strdup(text);
  socklen_t length;
  int result = dg_address(copy, address, &length);
  free(copy);
  return result;
}

static void addresses_are_read_and_written(void) {
  static const char *const same[] = {"127.0.0.1:53",  "0.0.0.0:0",          "255.255.255.255:65535",
                                     "[::]:1",        "[::1]:41234",        "[fe80::1%eth0]:53",
                                     "[fe80::1%9]:5", "[::ffff:1.2.3.4]:5", "[2001:db8::8:800:200c:417a]:443"};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    struct sockaddr_storage address;
    char text[DG_ADDRESS_TEXT];
    need(parse(same[i], &address) == 0);
    need(dg_address_text((struct sockaddr *)&address, sizeof address, text, sizeof text) == text);
    need(strcmp(text, same[i]) == 0);
    fails(dg_address_text((struct sockaddr *)&address, sizeof address, text, strlen(text)) ? 0 : -1, ENOSPC);
  }
}

static void what_is_no_address_is_refused(void) {
  static const char *const none[] = {
      "",          ":",           "127.0.0.1",        "127.0.0.1:",      "127.0.0.1:x",   "127.0.0.1:65536",  "127.0.0.1:-1",
      "127.1:1",   "0x7f.0.0.1:1", "127.0.0.01:1",    "1.2.3.4.5:1",     "[127.0.0.1]:1", "::1:1",            "[::1]",
      "[::1]1",    "[::1:1",      "::1]:1",           "[]:1",            "[:]:1",         "[1::2::3]:1",      "[::1%]:1",
      "localhost:1", "[12345::]:1", " 127.0.0.1:1",   "127.0.0.1:1 ",    "127.0.0.1:+1",  "127.0.0.1:99999999999999999999"};
  struct sockaddr_storage address;
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) fails(parse(none[i], &address), EINVAL);
  fails(parse("[fe80::1%eth9]:1", &address), ENODEV);
  fails(parse("[fe80::1%0]:1", &address), ENODEV);
  char longest[1000];
  memset(longest, '1', sizeof longest);
  memcpy(longest + 990, ":1", 3);
  fails(parse(longest, &address), EINVAL);
}

static void whatever_text_is_read_is_written_as_the_same_address(void) {
  static const char alphabet[] = "0123456789abcdef:.[]%eth0";
  int read = 0;
  for (int i = 0; i < 300000; i++) {
    char text[40], again[DG_ADDRESS_TEXT];
    size_t length = random_number() % (sizeof text - 1);
    for (size_t j = 0; j < length; j++) text[j] = alphabet[random_number() % (sizeof alphabet - 1)];
    text[length] = 0;
    /* Many that are nearly right. */
    if (i % 3 == 0) snprintf(text, sizeof text, "[%x::%x:%x]:%u", random_number() & 0xffff, random_number() & 15, random_number() & 0x1ffff, random_number() % 70000);
    struct sockaddr_storage first, second;
    if (parse(text, &first) < 0) continue;
    read++;
    need(dg_address_text((struct sockaddr *)&first, sizeof first, again, sizeof again));
    need(parse(again, &second) == 0 && memcmp(&first, &second, sizeof first) == 0);
  }
  need(read > 10000);
}

static int new_socket(void) {
  memset(&fake, 0, sizeof fake);
  fake.stride = 32;
  int fd = dg_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  need(fd > 0);
  return fd;
}

/* A datagram of the fake's next burst, from 10.0.0.LAST:PORT. */
static void put(uint32_t stride, uint32_t length, uint32_t told, uint8_t last, uint16_t port) {
  uint8_t *header = fake.headers + fake.headers_length;
  memset(header, 0, stride);
  for (int i = 0; i < 4; i++) header[i] = (uint8_t)(told >> (8 * i));
  header[6] = (uint8_t)port;
  header[7] = (uint8_t)(port >> 8);
  memcpy(header + 16, (uint8_t[]){0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, last}, 16);
  memset(fake.payload + fake.payload_length, last, length);
  fake.stride = stride;
  fake.headers_length += stride;
  fake.payload_length += length;
}

static void a_burst_is_received_one_by_one(void) {
  int fd = new_socket();
  put(32, 5, 5, 1, 1000);
  put(32, 0, 0, 2, 2000);
  put(32, 9, 9, 3, 3000);
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  char *buffer = malloc(5), text[DG_ADDRESS_TEXT];
  need(dg_recvfrom(fd, buffer, 5, DG_PEEK, NULL, NULL) == 5);
  need(dg_recvfrom(fd, buffer, 5, 0, (struct sockaddr *)&from, &length) == 5 && memcmp(buffer, "\1\1\1\1\1", 5) == 0);
  need(strcmp(dg_address_text((struct sockaddr *)&from, length, text, sizeof text), "10.0.0.1:1000") == 0);
  need(dg_recv(fd, NULL, 0, 0) == 0);
  length = 4;
  need(dg_recvfrom(fd, buffer, 5, DG_TRUNC, (struct sockaddr *)&from, &length) == 9 && length == sizeof from);
  fails(dg_recv(fd, buffer, 5, 0), EAGAIN);
  free(buffer);
  need(dg_close(fd) == 0 && fake.dropped == 1);
}

static void a_burst_that_does_not_hold_together_is_dropped(void) {
  static const struct {
    uint32_t stride, length, told;
  } wrong[] = {{32, 5, 6}, {32, 0, UINT32_MAX}, {31, 5, 5}, {1, 1, 1}, {64, 3, 4}};
  char data[16];
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    int fd = new_socket();
    put(wrong[i].stride < 32 ? 32 : wrong[i].stride, wrong[i].length, wrong[i].told, 1, 1000);
    fake.stride = wrong[i].stride;
    fails(dg_recv(fd, data, sizeof data, 0), EAGAIN);
    fake.payload_length = 7; /* without headers */
    fake.stride = 0;
    fails(dg_recv(fd, data, sizeof data, 0), EAGAIN);
    need(dg_close(fd) == 0);
  }
}

static void bursts_of_any_bytes_are_survived(void) {
  char data[64];
  struct dg_message messages[4];
  for (int i = 0; i < 20000; i++) {
    int fd = new_socket();
    fake.stride = (uint32_t[]){32, 32, 32, 64, 64, 33, 0}[random_number() % 7];
    fake.headers_length = fake.stride * (random_number() % 5);
    fake.payload_length = random_number() % 300;
    for (size_t j = 0; j < fake.headers_length; j++) fake.headers[j] = (uint8_t)random_number();
    for (size_t j = 0; fake.stride && j < fake.headers_length; j += fake.stride) {
      uint8_t small[] = {(uint8_t)(random_number() % 100), 0, 0, (uint8_t)(random_number() % 50 == 0)};
      memcpy(fake.headers + j, small, 4);
    }
    for (int j = 0; j < 4; j++) messages[j] = (struct dg_message){.data = data + 16 * j, .size = 16};
    if (random_number() & 1) dg_recv(fd, data, sizeof data, (int)random_number() & (DG_PEEK | DG_TRUNC));
    if (random_number() & 1) dg_recvmmsg(fd, messages, random_number() % 5, 0);
    need(dg_close(fd) == 0);
  }
}

static void a_datagram_that_comes_as_an_event_is_received(void) {
  int fd = new_socket();
  char data[16];
  uint8_t bytes[] = {1, 2, 3};
  datagrant_dgram_types_event_t event = {.tag = DATAGRANT_DGRAM_TYPES_EVENT_MESSAGE};
  event.val.message.data = (dgram_list_u8_t){bytes, sizeof bytes};
  event.val.message.remote = (datagrant_dgram_types_ip_socket_address_t){.val.ipv4 = {7, {10, 0, 0, 1}}};
  for (fake.event_count = 0; fake.event_count < 3;) fake.events[fake.event_count++] = event;
  for (int i = 0; i < 3; i++) need(dg_recv(fd, data, sizeof data, 0) == 3 && memcmp(data, bytes, 3) == 0);
  need(dg_close(fd) == 0);
}

static void each_error_is_told_once(void) {
  int fd = new_socket();
  char data[16];
  fake.events[0] = (datagrant_dgram_types_event_t){.tag = DATAGRANT_DGRAM_TYPES_EVENT_ERROR,
                                                   .val.error = DATAGRANT_DGRAM_TYPES_ERROR_CODE_CONNECTION_REFUSED};
  fake.event_count = 1;
  struct pollfd one = {.fd = fd, .events = POLLIN};
  need(dg_poll(&one, 1, 0) == 1 && one.revents == (POLLIN | POLLERR));
  fails(dg_recv(fd, data, sizeof data, 0), ECONNREFUSED);
  fails(dg_recv(fd, data, sizeof data, 0), EAGAIN);
  need(dg_poll(&one, 1, 0) == 0);
  need(dg_close(fd) == 0);
}

static void after_a_connect_others_are_not_heard(void) {
  int fd = new_socket();
  char data[16];
  put(32, 3, 3, 9, 1000);
  put(32, 2, 2, 1, 1000);
  put(32, 4, 4, 1, 1001);
  put(32, 1, 1, 1, 1000);
  need(dg_recv(fd, data, sizeof data, DG_PEEK) == 3);
  struct sockaddr_storage peer;
  need(parse("10.0.0.1:1000", &peer) == 0);
  need(dg_connect(fd, (struct sockaddr *)&peer, sizeof peer) == 0);
  need(dg_recv(fd, data, sizeof data, 0) == 2 && data[0] == 1);
  need(dg_recv(fd, data, sizeof data, 0) == 1 && data[0] == 1);
  fails(dg_recv(fd, data, sizeof data, 0), EAGAIN);
  need(dg_close(fd) == 0);
}

static void the_unspecified_address_is_loopback_as_a_destination(void) {
  int fd = new_socket();
  struct sockaddr_storage any;
  need(parse("0.0.0.0:9", &any) == 0);
  need(dg_sendto(fd, "x", 1, 0, (struct sockaddr *)&any, sizeof any) == 1);
  need(fake.remote.val.ipv4.address.f0 == 127 && fake.remote.val.ipv4.address.f3 == 1);
  need(dg_close(fd) == 0);
}

static void a_burst_is_sent_as_far_as_it_goes(void) {
  int fd = new_socket();
  struct dg_message messages[3] = {{.data = "one", .size = 3}, {.data = "four", .size = 4}, {.data = "", .size = 0}};
  struct sockaddr_storage to;
  need(parse("10.0.0.1:1000", &to) == 0);
  for (int i = 0; i < 3; i++) messages[i].address = to;
  fake.report = (datagrant_dgram_types_send_report_t){.sent = 3};
  need(dg_sendmmsg(fd, messages, 3, 0) == 3 && fake.sent_headers == 3 && fake.sent_bytes == 7);
  fake.report = (datagrant_dgram_types_send_report_t){.sent = 1, .stopped = {true, DATAGRANT_DGRAM_TYPES_ERROR_CODE_WOULD_BLOCK}};
  need(dg_sendmmsg(fd, messages, 3, 0) == 1);
  /* More than was asked: a report that is wrong. */
  fake.report = (datagrant_dgram_types_send_report_t){.sent = 70};
  need(dg_sendmmsg(fd, messages, 3, 0) == 3);
  fake.report = (datagrant_dgram_types_send_report_t){.sent = 0, .stopped = {true, DATAGRANT_DGRAM_TYPES_ERROR_CODE_ACCESS_DENIED}};
  fails(dg_sendmmsg(fd, messages, 3, 0), EACCES);
  messages[1].address.ss_family = AF_UNSPEC;
  fails(dg_sendmmsg(fd, messages + 1, 1, 0), EDESTADDRREQ);
  messages[0].size = 65536;
  fails(dg_sendmmsg(fd, messages, 1, 0), EMSGSIZE);
  need(dg_close(fd) == 0);
}

static void a_full_buffer_is_waited_for(void) {
  int fd = new_socket();
  struct sockaddr_storage to;
  need(parse("10.0.0.1:1000", &to) == 0);
  struct pollfd one = {.fd = fd, .events = POLLOUT};
  need(dg_poll(&one, 1, 0) == 1 && one.revents == POLLOUT && fake.waited_for == 0);
  fake.fails = true;
  fake.failure = DATAGRANT_DGRAM_TYPES_ERROR_CODE_WOULD_BLOCK;
  fails(dg_sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to), EAGAIN);
  need(dg_poll(&one, 1, 0) == 1 && one.revents == POLLOUT && fake.waited_for == 1);
  need(dg_close(fd) == 0);
}

static void numbers_are_not_used_again_and_others_are_none(void) {
  enum { MANY = 500 };
  int fds[MANY], last = new_socket();
  for (int i = 0; i < MANY; i++) {
    fds[i] = dg_socket(AF_INET, SOCK_DGRAM, 0);
    need(fds[i] > last);
    last = fds[i];
  }
  for (int i = 0; i < MANY; i++) {
    int at = (i * 7) % MANY;
    need(dg_close(fds[at]) == 0);
    fails(dg_close(fds[at]), EBADF);
  }
  for (int fd = -3; fd < 3; fd++) fails(dg_close(fd), EBADF);
  struct pollfd all[3] = {{.fd = -1, .events = POLLIN}, {.fd = fds[0], .events = POLLIN}, {.fd = 1, .events = POLLIN}};
  need(dg_poll(all, 3, 0) == 2 && all[0].revents == 0 && all[1].revents == POLLNVAL && all[2].revents == POLLNVAL);
  fails(dg_poll(all, 0, -1), EINVAL);
  need(dg_poll(all, 0, 0) == 0);
}

static void arguments_that_are_short_or_wrong_are_refused(void) {
  int fd = new_socket(), one = 1;
  char *small = malloc(1);
  *small = AF_INET;
  fails(dg_bind(fd, (struct sockaddr *)small, 1), EINVAL);
  free(small);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6};
  fails(dg_bind(fd, (struct sockaddr *)&six, sizeof six), EAFNOSUPPORT);
  fails(dg_socket(AF_UNIX, SOCK_DGRAM, 0), EAFNOSUPPORT);
  fails(dg_socket(AF_INET, SOCK_STREAM, 0), EPROTOTYPE);
  fails(dg_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &one, 1), EINVAL);
  fails(dg_setsockopt(fd, SOL_SOCKET, 12345, &one, sizeof one), ENOPROTOOPT);
  fails(dg_setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one), ENOPROTOOPT);
  fails(dg_setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &one, sizeof one), EINVAL);
  int hops = 256;
  fails(dg_setsockopt(fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops), EINVAL);
  fails(dg_join(fd, "no address", NULL, NULL), EINVAL);
  fails(dg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), EINVAL); /* after other options */
  need(dg_close(fd) == 0);
  fd = new_socket();
  need(dg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0);
  need(fake.flags == DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_REUSE_ADDRESS && fake.dropped == 1);
  need(dg_close(fd) == 0);
}

static void names_of_granted_sockets_and_answers_fit_what_they_are_put_into(void) {
  int fd = new_socket();
  char *name = malloc(5), *small = malloc(4);
  need(dg_granted(0, name, 5) == 0 && strcmp(name, "echo") == 0);
  fails(dg_granted(0, small, 4), ERANGE);
  fails(dg_granted(1, name, 5), ENOENT);
  struct sockaddr_storage *one = malloc(sizeof *one);
  need(dg_getaddrinfo("example.com", AF_UNSPEC, 53, one, 1) == 1);
  need(dg_getaddrinfo("localhost", AF_INET6, 53, one, 1) == 1 && one->ss_family == AF_INET6);
  need(dg_getaddrinfo("::1", AF_UNSPEC, 53, one, 1) == 1);
  fails(dg_getaddrinfo("::1", AF_INET, 53, one, 1), ENOENT);
  need(dg_getaddrinfo("example.com", AF_UNSPEC, 53, NULL, 0) == 0);
  free(one);
  free(name);
  free(small);
  need(dg_close(fd) == 0);
}

#define TEST(name) {#name, name}
static const struct {
  const char *name;
  void (*test)(void);
} tests[] = {
    TEST(addresses_are_read_and_written),
    TEST(what_is_no_address_is_refused),
    TEST(whatever_text_is_read_is_written_as_the_same_address),
    TEST(a_burst_is_received_one_by_one),
    TEST(a_burst_that_does_not_hold_together_is_dropped),
    TEST(bursts_of_any_bytes_are_survived),
    TEST(a_datagram_that_comes_as_an_event_is_received),
    TEST(each_error_is_told_once),
    TEST(after_a_connect_others_are_not_heard),
    TEST(the_unspecified_address_is_loopback_as_a_destination),
    TEST(a_burst_is_sent_as_far_as_it_goes),
    TEST(a_full_buffer_is_waited_for),
    TEST(numbers_are_not_used_again_and_others_are_none),
    TEST(arguments_that_are_short_or_wrong_are_refused),
    TEST(names_of_granted_sockets_and_answers_fit_what_they_are_put_into),
};

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    printf("%s\n", tests[i].name);
    tests[i].test();
  }
}
