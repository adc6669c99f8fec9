#pragma once

// The file behind History: figures of runs in SQLite. Private to cli.

#include <faceoff/base/result.h>
#include <faceoff/report/trend.h>
#include <faceoff/store/run_folder.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace faceoff::cli {

// Rows of runs by the names of their folders, each with the stamp that its folder had when it was
// read. Whatever fails here is no loss: the folders hold it all.
class RunIndex {
 public:
  // Null: it cannot be opened, or is no file of ours, or (but with `fresh`) of another version.
  [[nodiscard]] static std::unique_ptr<RunIndex> open(const std::filesystem::path& file,
                                                      bool fresh);
  // Null: out of memory.
  [[nodiscard]] static std::unique_ptr<RunIndex> in_memory();

  // Changes stand between these; without the second one they are taken back. False: not possible.
  [[nodiscard]] bool begin();
  [[nodiscard]] bool commit();

  struct Row {
    std::string stamp;
    std::string suite;
    std::string started_utc;
    std::string state;  // of the manifest, or kUnreadable
  };
  static constexpr std::string_view kUnreadable = "unreadable";
  // nullopt: the table cannot be read.
  [[nodiscard]] std::optional<std::map<std::string, Row>> rows() const;
  // Instead of what is known of the folder. `manifest` is null where the run cannot be read.
  [[nodiscard]] bool keep(const std::string& folder,
                          const std::string& stamp,
                          const store::Manifest* manifest,
                          const std::vector<report::TrendPoint>& points,
                          std::uint64_t place);
  // Later runs have greater places.
  [[nodiscard]] bool move(const std::string& folder, std::uint64_t place);
  [[nodiscard]] bool forget(const std::string& folder);

  struct SuiteRow {
    std::string name;
    std::uint64_t runs = 0;
  };
  // The suite of the newest run first.
  [[nodiscard]] Result<std::vector<SuiteRow>> suites() const;
  // Oldest run first, columns in their order.
  [[nodiscard]] Result<std::vector<report::TrendPoint>> points_of_suite(std::string_view suite,
                                                                        std::uint64_t last) const;
  [[nodiscard]] Result<std::vector<report::TrendPoint>> points_of_folder(
      const std::string& folder) const;
  // Newest run first.
  [[nodiscard]] Result<std::vector<report::TrendPoint>> all_points() const;

 private:
  struct Closer {
    void operator()(sqlite3* base) const;
  };
  using Base = std::unique_ptr<sqlite3, Closer>;
  explicit RunIndex(Base base) : base_(std::move(base)) {}
  [[nodiscard]] static Base open_base(const char* path, bool fresh);
  [[nodiscard]] Result<std::vector<report::TrendPoint>> select(
      const char* where, const std::optional<std::string>& word) const;

  Base base_;
};

}  // namespace faceoff::cli
