import socket
import sys

seconds, host, port = float(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
client.settimeout(seconds)
client.sendto(sys.stdin.buffer.read(), (host, port))
answer, source = client.recvfrom(65536)
assert source[:2] == (host, port), source
sys.stdout.buffer.write(answer)
