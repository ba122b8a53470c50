// The echo client in C++, without its standard library: a socket that closes itself. `echo-client ADDRESS [TEXT]`

#include "datagrant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

namespace {

class Socket {
 public:
  explicit Socket(int family) : fd_(dg_socket(family, SOCK_DGRAM, 0)) {}
  ~Socket() {
    if (fd_ >= 0) dg_close(fd_);
  }
  Socket(const Socket &) = delete;
  Socket &operator=(const Socket &) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

int failed(const char *doing, const char *server) {
  fprintf(stderr, "echo-client: %s %s: %s\n", doing, server, strerror(errno));
  return 1;
}

}  // namespace

int main(int argc, char **argv) {
  constexpr int tries = 3, timeout = 2000;
  const char *server = argc > 1 ? argv[1] : "", *message = argc > 2 ? argv[2] : "hello";
  sockaddr_storage address{};
  socklen_t length = 0;
  if (dg_address(server, &address, &length) < 0) {
    fprintf(stderr, "echo-client: not an address and port: %s\n", server);
    return 1;
  }
  // Connected, it hears the server only, on a port of the host's choice: a grant to send there is enough.
  Socket client(address.ss_family);
  if (dg_connect(client.fd(), reinterpret_cast<sockaddr *>(&address), length) < 0) return failed("connect", server);

  // UDP may lose a datagram, or its answer: so it is sent again.
  for (int attempt = 1; attempt <= tries; attempt++) {
    if (dg_send(client.fd(), message, strlen(message), 0) < 0) return failed("send to", server);
    pollfd readable{client.fd(), POLLIN, 0};
    if (dg_poll(&readable, 1, timeout) <= 0) continue;
    char answer[2048];
    ssize_t size = dg_recv(client.fd(), answer, sizeof answer, 0);
    if (size < 0) return failed("receive from", server);
    printf("%.*s\n", static_cast<int>(size), answer);
    return 0;
  }
  fprintf(stderr, "echo-client: no answer from %s to %d datagrams\n", server, tries);
  return 1;
}
