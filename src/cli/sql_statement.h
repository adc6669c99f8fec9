#pragma once

// A statement of SQLite. Private to cli.

#include <faceoff/report/trend.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

namespace faceoff::cli {

using report::TrendFigure;

// A prepared statement. Text is bound as bytes, so that names of any kind come back as they were.
class Statement {
 public:
  Statement(sqlite3* base, const char* sql) {
    ok_ = sqlite3_prepare_v2(base, sql, -1, &statement_, nullptr) == SQLITE_OK;
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& text(std::string_view value) {
    ok_ =
        ok_ &&
        sqlite3_bind_text(
            statement_, ++bound_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT) ==
            SQLITE_OK;
    return *this;
  }
  Statement& integer(std::uint64_t value) {
    ok_ = ok_ &&
          sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(value)) == SQLITE_OK;
    return *this;
  }
  Statement& number(const std::optional<double>& value) {
    ++bound_;
    ok_ = ok_ && (value ? sqlite3_bind_double(statement_, bound_, *value)
                        : sqlite3_bind_null(statement_, bound_)) == SQLITE_OK;
    return *this;
  }
  Statement& optional_text(const std::optional<std::string>& value) {
    if (value) {
      return text(*value);
    }
    ok_ = ok_ && sqlite3_bind_null(statement_, ++bound_) == SQLITE_OK;
    return *this;
  }
  Statement& figure(const TrendFigure& figure) {
    return number(figure.value).number(figure.lo).number(figure.hi);
  }

  // True: there is a row to read.
  bool next() {
    if (!ok_) {
      return false;
    }
    const int code = sqlite3_step(statement_);
    ok_ = code == SQLITE_ROW || code == SQLITE_DONE;
    column_ = 0;
    return code == SQLITE_ROW;
  }
  bool run() {
    while (next()) {
    }
    return ok_;
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

  std::string text() {
    const int column = column_++;
    const auto* bytes = sqlite3_column_text(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr
               ? std::string()
               : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
  std::optional<std::string> optional_text() {
    const bool null = sqlite3_column_type(statement_, column_) == SQLITE_NULL;
    std::string value = text();
    return null ? std::nullopt : std::optional(std::move(value));
  }
  std::uint64_t integer() {
    return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column_++));
  }
  std::optional<double> number() {
    const int column = column_++;
    return sqlite3_column_type(statement_, column) == SQLITE_NULL
               ? std::nullopt
               : std::optional(sqlite3_column_double(statement_, column));
  }
  TrendFigure figure() {
    TrendFigure out;
    out.value = number();
    out.lo = number();
    out.hi = number();
    return out;
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  bool ok_ = false;
  int bound_ = 0;
  int column_ = 0;
};

}  // namespace faceoff::cli
