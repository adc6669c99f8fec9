// A library for LD_PRELOAD that lets calls on files fail as a full or broken disk would.
//
// IO_FAULT=CALL:ERRNO:NAME:N: the N-th and every later CALL (write, fdatasync, fsync, close,
// rename) on a file whose path ends in NAME fails with ERRNO (ENOSPC, EIO); `half` is a write that
// takes half of its bytes the N-th time and fails with ERRNO from then on.

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <unistd.h>

namespace {

struct Fault {
  std::string call;
  int error = 0;
  std::string name;
  int from = 1;
};

const Fault& fault() {
  static const Fault instance = [] {
    Fault f;
    const char* text = std::getenv("IO_FAULT");
    const std::string all = text == nullptr ? "" : text;
    const auto a = all.find(':');
    const auto b = all.find(':', a + 1);
    const auto c = all.rfind(':');
    if (a != std::string::npos && b != std::string::npos && c > b) {
      f.call = all.substr(0, a);
      f.error = all.substr(a + 1, b - a - 1) == "EIO" ? EIO : ENOSPC;
      f.name = all.substr(b + 1, c - b - 1);
      f.from = std::atoi(all.c_str() + c + 1);
    }
    return f;
  }();
  return instance;
}

std::atomic<int> calls{0};

// The number of this call on the file, or 0 when it is not the one.
int count(std::string_view call, std::string_view path) {
  return fault().call == call && path.ends_with(fault().name) ? ++calls : 0;
}

int count(std::string_view call, int fd) {
  if (fault().call != call) {
    return 0;
  }
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t n = ::readlink(link, path, sizeof path);
  return n > 0 ? count(call, std::string_view(path, static_cast<std::size_t>(n))) : 0;
}

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name));
}

bool strikes(int number) {
  if (number < fault().from) {
    return false;
  }
  errno = fault().error;
  return true;
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  if (strikes(count("write", fd))) {
    return -1;
  }
  const int half = count("half", fd);
  if (half == fault().from && half > 0) {
    return real(fd, bytes, size / 2);
  }
  return half > 0 && strikes(half) ? -1 : real(fd, bytes, size);
}

int fdatasync(int fd) {
  static auto* const real = next<int(int)>("fdatasync");
  return strikes(count("fdatasync", fd)) ? -1 : real(fd);
}

int fsync(int fd) {
  static auto* const real = next<int(int)>("fsync");
  return strikes(count("fsync", fd)) ? -1 : real(fd);
}

int close(int fd) {
  static auto* const real = next<int(int)>("close");
  const bool struck = strikes(count("close", fd));
  const int error = errno;
  const int result = real(fd);
  if (struck) {
    errno = error;
  }
  return struck ? -1 : result;
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = next<int(const char*, const char*)>("rename");
  return strikes(count("rename", to)) ? -1 : real(from, to);
}

}  // extern "C"
