#pragma once

// libcurl, loaded when the first transport is made. Private to net.

#include <faceoff/base/result.h>

#include <curl/curl.h>

namespace faceoff::net {

// The functions of libcurl that this module calls. Debian's libcurl brings thirty other libraries
// with it, whose loading takes longer than `check`, `--version`, a completion or a report of a
// recorded run: so it is not among the libraries that the program is linked with, but opened with
// dlopen(3) by the first who sends anything.
struct CurlLibrary {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_version) version = nullptr;
  decltype(&::curl_easy_init) easy_init = nullptr;
  decltype(&::curl_easy_cleanup) easy_cleanup = nullptr;
  decltype(&::curl_easy_reset) easy_reset = nullptr;
  decltype(&::curl_easy_setopt) easy_setopt = nullptr;
  decltype(&::curl_easy_getinfo) easy_getinfo = nullptr;
  decltype(&::curl_easy_strerror) easy_strerror = nullptr;
  decltype(&::curl_slist_append) slist_append = nullptr;
  decltype(&::curl_slist_free_all) slist_free_all = nullptr;
  decltype(&::curl_multi_init) multi_init = nullptr;
  decltype(&::curl_multi_cleanup) multi_cleanup = nullptr;
  decltype(&::curl_multi_setopt) multi_setopt = nullptr;
  decltype(&::curl_multi_add_handle) multi_add_handle = nullptr;
  decltype(&::curl_multi_remove_handle) multi_remove_handle = nullptr;
  decltype(&::curl_multi_socket_action) multi_socket_action = nullptr;
  decltype(&::curl_multi_info_read) multi_info_read = nullptr;
};

// Opens and sets up libcurl, once in a process; thread-safe. Error of kind io: it is not installed,
// or too old.
[[nodiscard]] Status load_curl();
// REQUIRES: load_curl() succeeds.
[[nodiscard]] const CurlLibrary& curl() noexcept;

}  // namespace faceoff::net
