/* Answers queries for the addresses of a few names (RFC 1035). `dns-server ADDRESS NAME=IP...` */

#include "datagrant.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HEADER = 12, LONGEST_ANSWER = 512, TTL = 300, A = 1, AAAA = 28, INTERNET = 1, NXDOMAIN = 3 };

struct record {
  const char *name;
  size_t length; /* of the name, in bytes */
  int type;
  unsigned char ip[16];
};

static struct record records[64];
static size_t count;

static size_t ip_bytes(int type) {
  return type == A ? 4 : 16;
}

/* `www.example.org=192.0.2.80` */
static bool add_record(const char *text) {
  const char *equals = strchr(text, '=');
  if (!equals || count == sizeof records / sizeof *records) return false;
  struct record *record = &records[count];
  *record = (struct record){.name = text, .length = (size_t)(equals - text)};
  if (inet_pton(AF_INET, equals + 1, record->ip) == 1) record->type = A;
  else if (inet_pton(AF_INET6, equals + 1, record->ip) == 1) record->type = AAAA;
  else return false;
  count++;
  return true;
}

static unsigned number(const unsigned char *at) {
  return (unsigned)at[0] << 8 | at[1];
}

static unsigned char *put(unsigned char *at, unsigned value) {
  *at++ = (unsigned char)(value >> 8);
  *at++ = (unsigned char)value;
  return at;
}

/* The name of the one question as text, and where it ends; null where there is no such name. */
static const unsigned char *read_name(const unsigned char *at, const unsigned char *end, char *name, size_t *length) {
  *length = 0;
  while (at < end && *at != 0) {
    size_t label = *at++;
    /* No pointers (RFC 1035, 4.1.4): there is nothing before a question to point to. */
    if (label > 63 || label > (size_t)(end - at) || *length + label + 1 > 254) return NULL;
    if (*length > 0) name[(*length)++] = '.';
    memcpy(name + *length, at, label);
    *length += label;
    at += label;
  }
  return at < end ? at + 1 : NULL;
}

/* Writes the answer to a query over it, and answers its length; 0 to what is no query. */
static size_t answer(unsigned char *message, size_t size) {
  char name[256];
  size_t length;
  if (size < HEADER || message[2] & 0xf8 || number(message + 4) != 1) return 0;
  const unsigned char *end = message + size, *after = read_name(message + HEADER, end, name, &length);
  if (!after || end - after < 4) return 0;
  unsigned type = number(after), class = number(after + 2);
  unsigned char *at = message + (after + 4 - message);

  bool known = false;
  unsigned answers = 0;
  for (size_t i = 0; i < count && class == INTERNET; i++) {
    const struct record *record = &records[i];
    if (record->length != length || strncasecmp(record->name, name, length) != 0) continue;
    known = true;
    size_t bytes = ip_bytes(record->type);
    if ((unsigned)record->type != type || at + 12 + bytes > message + LONGEST_ANSWER) continue;
    at = put(at, 0xc000 | HEADER); /* the name of the question */
    at = put(put(put(put(put(at, type), INTERNET), 0), TTL), (unsigned)bytes);
    memcpy(at, record->ip, bytes);
    at += bytes;
    answers++;
  }
  message[2] = (unsigned char)(0x84 | (message[2] & 1)); /* an answer with authority; recursion as it was desired */
  message[3] = known ? 0 : NXDOMAIN;
  put(put(put(message + 6, answers), 0), 0);
  return (size_t)(at - message);
}

int main(int argc, char **argv) {
  const char *where = argc > 1 ? argv[1] : "";
  struct sockaddr_storage address, from;
  socklen_t length;
  char text[DG_ADDRESS_TEXT];
  static unsigned char message[2048];
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

  if (dg_address(where, &address, &length) < 0) {
    fprintf(stderr, "dns-server: not an address and port: %s\n", where);
    return 1;
  }
  for (int i = 2; i < argc; i++) {
    if (add_record(argv[i])) continue;
    fprintf(stderr, "dns-server: not a name and its address, such as www.example.org=192.0.2.80: %s\n", argv[i]);
    return 1;
  }
  int server = dg_socket(address.ss_family, SOCK_DGRAM, 0);
  if (server < 0 || dg_bind(server, (struct sockaddr *)&address, length) < 0) {
    fprintf(stderr, "dns-server: bind %s: %s\n", where, strerror(errno));
    return 1;
  }
  length = sizeof address;
  dg_getsockname(server, (struct sockaddr *)&address, &length);
  printf("listening on %s\n", dg_address_text((struct sockaddr *)&address, length, text, sizeof text));

  for (;;) {
    length = sizeof from;
    ssize_t size = dg_recvfrom(server, message, LONGEST_ANSWER, 0, (struct sockaddr *)&from, &length);
    if (size < 0) {
      fprintf(stderr, "dns-server: receive: %s\n", strerror(errno));
      return 1;
    }
    size_t bytes = answer(message, (size_t)size);
    if (bytes > 0) dg_sendto(server, message, bytes, 0, (struct sockaddr *)&from, length);
  }
}
