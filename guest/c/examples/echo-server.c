/* Sends each datagram back to where it came from, then prints its length and source. `echo-server [ADDRESS]` */

#include "datagrant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const struct sockaddr_storage *address, char *text) {
  return dg_address_text((const struct sockaddr *)address, sizeof *address, text, DG_ADDRESS_TEXT);
}

int main(int argc, char **argv) {
  const char *where = argc > 1 ? argv[1] : "127.0.0.1:41234";
  struct sockaddr_storage address, from;
  socklen_t length;
  char text[DG_ADDRESS_TEXT];
  static char data[65536];
  /* A line is seen at once, also where stdout is a pipe. */
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

  if (dg_address(where, &address, &length) < 0) {
    fprintf(stderr, "echo-server: not an address and port: %s\n", where);
    return 1;
  }
  int server = dg_socket(address.ss_family, SOCK_DGRAM, 0);
  if (server < 0 || dg_bind(server, (struct sockaddr *)&address, length) < 0) {
    fprintf(stderr, "echo-server: bind %s: %s\n", where, strerror(errno));
    return 1;
  }
  length = sizeof address;
  dg_getsockname(server, (struct sockaddr *)&address, &length);
  printf("listening on %s\n", text_of(&address, text));

  for (;;) {
    length = sizeof from;
    ssize_t size = dg_recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&from, &length);
    if (size < 0) {
      fprintf(stderr, "echo-server: receive: %s\n", strerror(errno));
      return 1;
    }
    text_of(&from, text);
    /* A datagram that cannot be answered is no reason to stop answering others. */
    if (dg_sendto(server, data, (size_t)size, 0, (struct sockaddr *)&from, length) < 0) {
      fprintf(stderr, "echo-server: %zd bytes from %s not answered: %s\n", size, text, strerror(errno));
    } else {
      printf("%zd bytes from %s\n", size, text);
    }
  }
}
