/* Sends a text to an echo server and prints what comes back. `echo-client ADDRESS [TEXT]` */

#include "datagrant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TRIES = 3, TIMEOUT = 2000 };

static int failed(const char *doing, const char *server) {
  fprintf(stderr, "echo-client: %s %s: %s\n", doing, server, strerror(errno));
  return 1;
}

int main(int argc, char **argv) {
  const char *server = argc > 1 ? argv[1] : "", *message = argc > 2 ? argv[2] : "hello";
  struct sockaddr_storage address;
  socklen_t length;
  char answer[2048];

  if (dg_address(server, &address, &length) < 0) {
    fprintf(stderr, "echo-client: not an address and port: %s\n", server);
    return 1;
  }
  /* Connected, it hears the server only, on a port of the host's choice: a grant to send there is enough. */
  int client = dg_socket(address.ss_family, SOCK_DGRAM, 0);
  if (client < 0 || dg_connect(client, (struct sockaddr *)&address, length) < 0) return failed("connect", server);

  /* UDP may lose a datagram, or its answer: so it is sent again. */
  for (int attempt = 1; attempt <= TRIES; attempt++) {
    if (dg_send(client, message, strlen(message), 0) < 0) return failed("send to", server);
    struct pollfd readable = {.fd = client, .events = POLLIN};
    if (dg_poll(&readable, 1, TIMEOUT) > 0) {
      ssize_t size = dg_recv(client, answer, sizeof answer, 0);
      if (size < 0) return failed("receive from", server);
      if ((size_t)size != strlen(message) || memcmp(answer, message, (size_t)size) != 0) {
        fprintf(stderr, "echo-client: %s did not send back what it was sent, but: %.*s\n", server, (int)size, answer);
        return 1;
      }
      printf("%s\n", message);
      return 0;
    }
    fprintf(stderr, "echo-client: no answer from %s in %d s (try %d of %d)\n", server, TIMEOUT / 1000, attempt, TRIES);
  }
  fprintf(stderr, "echo-client: no answer from %s to %d datagrams\n", server, TRIES);
  return 1;
}
