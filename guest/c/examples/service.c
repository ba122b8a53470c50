/* The echo server as a service: the host binds its socket, hands it in under the name `echo`, and calls when there is something
 * to do. Where no host does, as under the pump, it binds its first argument. */

#include "datagrant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int server = -1;

int dg_start(int argc, char **argv) {
  struct sockaddr_storage address;
  socklen_t length;
  char text[DG_ADDRESS_TEXT];

  server = dg_take("echo");
  if (server < 0) {
    if (argc < 2) return dg_fail("no socket was handed in as `echo`, and no address is given");
    if (dg_address(argv[1], &address, &length) < 0) return dg_fail(argv[1]);
    server = dg_socket(address.ss_family, SOCK_DGRAM, 0);
    if (server < 0 || dg_bind(server, (struct sockaddr *)&address, length) < 0) return dg_fail("bind");
  }
  length = sizeof address;
  if (dg_getsockname(server, (struct sockaddr *)&address, &length) < 0) return dg_fail("getsockname");
  fprintf(stderr, "listening on %s\n", dg_address_text((struct sockaddr *)&address, length, text, sizeof text));
  return DG_FOREVER;
}

int dg_step(void) {
  static char data[65536];
  struct sockaddr_storage from;
  for (;;) {
    socklen_t length = sizeof from;
    ssize_t size = dg_recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&from, &length);
    if (size < 0) return errno == EAGAIN ? DG_FOREVER : dg_fail("receive");
    /* What cannot be answered is lost, as datagrams are. */
    dg_sendto(server, data, (size_t)size, 0, (struct sockaddr *)&from, length);
  }
}

int dg_stop(void) {
  if (server >= 0) dg_close(server);
  fprintf(stderr, "closed\n");
  return DG_DONE;
}
