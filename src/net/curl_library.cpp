#include "curl_library.h"

#include <faceoff/base/check.h>

#include <string>

#include <dlfcn.h>

namespace faceoff::net {
namespace {

CurlLibrary library;

template <class Function>
bool find(void* handle, const char* name, Function& function) {
  // POSIX guarantees that an object pointer of dlsym() holds a function's address.
  function = reinterpret_cast<Function>(::dlsym(handle, name));
  return function != nullptr;
}

bool find_all(void* handle) {
  return find(handle, "curl_global_init", library.global_init) &&
         find(handle, "curl_version", library.version) &&
         find(handle, "curl_easy_init", library.easy_init) &&
         find(handle, "curl_easy_cleanup", library.easy_cleanup) &&
         find(handle, "curl_easy_reset", library.easy_reset) &&
         find(handle, "curl_easy_setopt", library.easy_setopt) &&
         find(handle, "curl_easy_getinfo", library.easy_getinfo) &&
         find(handle, "curl_easy_strerror", library.easy_strerror) &&
         find(handle, "curl_slist_append", library.slist_append) &&
         find(handle, "curl_slist_free_all", library.slist_free_all) &&
         find(handle, "curl_multi_init", library.multi_init) &&
         find(handle, "curl_multi_cleanup", library.multi_cleanup) &&
         find(handle, "curl_multi_setopt", library.multi_setopt) &&
         find(handle, "curl_multi_add_handle", library.multi_add_handle) &&
         find(handle, "curl_multi_remove_handle", library.multi_remove_handle) &&
         find(handle, "curl_multi_socket_action", library.multi_socket_action) &&
         find(handle, "curl_multi_info_read", library.multi_info_read);
}

Status open_library() {
  // Never closed: it and its libraries leave handlers behind that run at the end of the process.
  void* const handle = ::dlopen(FACEOFF_CURL_SONAME, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr || !find_all(handle)) {
    const char* const why = ::dlerror();
    return fail(ErrorKind::io,
                std::string(FACEOFF_CURL_SONAME) +
                    ": cannot be loaded: " + (why == nullptr ? "it lacks a function" : why) +
                    "; install libcurl 7.88 or newer (Debian: libcurl4)");
  }
  if (const CURLcode code = library.global_init(CURL_GLOBAL_ALL); code != CURLE_OK) {
    return fail(ErrorKind::io,
                std::string("libcurl cannot be set up: ") + library.easy_strerror(code));
  }
  return {};
}

}  // namespace

Status load_curl() {
  static const Status loaded = open_library();
  return loaded;
}

const CurlLibrary& curl() noexcept {
  static const bool loaded = load_curl().has_value();
  FACEOFF_CHECK(loaded, "libcurl is used where it cannot be loaded");
  return library;
}

}  // namespace faceoff::net
