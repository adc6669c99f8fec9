// A server that answers every request with the same bytes, as fast as it can: the other end of
// scripts/bench.sh. What a client reaches against it is the client's own speed.
//
//   usage: static_server [json|sse]     prints "listening on http://127.0.0.1:PORT"
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::string_view kJson =
    R"({"id":"chatcmpl-0","object":"chat.completion","created":1790000000,"model":"static",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"42","refusal":null},)"
    R"("logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,)"
    R"("completion_tokens":2,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":0}},)"
    R"("service_tier":"default","system_fingerprint":"fp_static"})";

std::string frame(std::string_view delta, std::string_view finish) {
  std::string out = R"(data: {"id":"chatcmpl-0","object":"chat.completion.chunk",)";
  out += R"("created":1790000000,"model":"static","choices":[{"index":0,"delta":)";
  out += delta;
  out += R"(,"finish_reason":)";
  out += finish;
  return out + "}]}\n\n";
}

std::string response(bool stream) {
  std::string body(kJson);
  if (stream) {
    body = frame(R"({"role":"assistant","content":""})", "null") +
           frame(R"({"content":"42"})", "null") + frame("{}", "\"stop\"") + "data: [DONE]\n\n";
  }
  return "HTTP/1.1 200 OK\r\nContent-Type: " +
         std::string(stream ? "text/event-stream" : "application/json") +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// How many whole requests `in` holds; they are taken off it.
std::size_t take_requests(std::string& in) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = in.find("\r\n\r\n", at);
    if (end == std::string::npos) {
      break;
    }
    std::size_t length = 0;
    for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
      const std::size_t header = in.find(name, at);
      if (header < end) {
        length = std::strtoul(in.c_str() + header + name.size(), nullptr, 10);
      }
    }
    if (in.size() < end + 4 + length) {
      break;
    }
    at = end + 4 + length;
    ++count;
  }
  in.erase(0, at);
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string answer = response(argc > 1 && std::string_view(argv[1]) == "sse");
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  // The sockets interface wants every address as the base type.
  auto* base = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener, base, size) != 0 || ::listen(listener, 4096) != 0 ||
      ::getsockname(listener, base, &size) != 0) {
    std::perror("static_server");
    return 1;
  }
  std::printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  const int epoll = ::epoll_create1(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.fd = listener;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &wanted);
  std::unordered_map<int, std::string> unread;
  std::array<epoll_event, 256> events{};
  std::array<char, 65536> buffer{};
  while (true) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == listener) {
        const int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (client >= 0) {
          ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          wanted.data.fd = client;
          ::epoll_ctl(epoll, EPOLL_CTL_ADD, client, &wanted);
          unread[client].clear();
        }
        continue;
      }
      const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (n <= 0) {
        ::close(fd);
        unread.erase(fd);
        continue;
      }
      std::string& in = unread[fd];
      in.append(buffer.data(), static_cast<std::size_t>(n));
      for (std::size_t left = take_requests(in); left > 0; --left) {
        // An answer of half a kilobyte always fits a socket whose client waits for it.
        [[maybe_unused]] const ssize_t sent =
            ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
      }
    }
  }
}
