#pragma once

#include "support/process.h"
#include "support/temp_folder.h"

#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace faceoff::cli::test {

// The program in a folder of its own, with an environment that has nothing but PATH.
class Program {
 public:
  Program() {
    environment_["PATH"] = "/usr/bin:/bin";
    environment_["HOME"] = folder_.path().string();
  }

  std::filesystem::path write(std::string_view name, std::string_view content) const {
    return folder_.write(name, content);
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }

  [[nodiscard]] std::unique_ptr<faceoff::test::Process> start(
      std::vector<std::string> words, std::function<void()> prepare = {}) const {
    words.insert(words.begin(), FACEOFF_PROGRAM);
    return std::make_unique<faceoff::test::Process>(
        words,
        faceoff::test::Process::Options{
            .environment = environment_, .folder = folder_.path(), .prepare = std::move(prepare)});
  }
  [[nodiscard]] faceoff::test::Finished run(std::vector<std::string> words,
                                            std::function<void()> prepare = {}) const {
    return start(std::move(words), std::move(prepare))->wait();
  }

 private:
  faceoff::test::TempFolder folder_;
  std::map<std::string, std::string> environment_;
};

// A stand-in endpoint that lives as long as the object.
class StandIn {
 public:
  StandIn(const Program& program, const std::string& script) {
    program.write("stand-in.yaml", script);
    process_ = program.start({"simulate", "--script", "stand-in.yaml"});
    if (process_->await_out("\n")) {
      const auto at = process_->out().find("http://");
      url_ = process_->out().substr(at, process_->out().find('\n', at) - at);
    }
  }
  [[nodiscard]] const std::string& url() const { return url_; }
  void kill() const { process_->signal(SIGKILL); }

 private:
  std::unique_ptr<faceoff::test::Process> process_;
  std::string url_;
};

// Ten sums.
inline const char* const kSuite = R"(suite: sums
defaults:
  params: {temperature: 0, max_tokens: 16}
  score: number
cases:
  - {id: a, prompt: "1 + 1 =", target: 2, tags: [easy]}
  - {id: b, prompt: "1 + 2 =", target: 3, tags: [easy]}
  - {id: c, prompt: "1 + 3 =", target: 4, tags: [easy]}
  - {id: d, prompt: "1 + 4 =", target: 5, tags: [easy]}
  - {id: e, prompt: "1 + 5 =", target: 6, tags: [easy]}
  - {id: f, prompt: "12 + 6 =", target: 18, tags: [hard]}
  - {id: g, prompt: "13 + 7 =", target: 20, tags: [hard]}
  - {id: h, prompt: "14 + 8 =", target: 22, tags: [hard]}
  - {id: i, prompt: "15 + 9 =", target: 24, tags: [hard]}
  - {id: j, prompt: "16 + 10 =", target: 26, tags: [hard]}
)";

}  // namespace faceoff::cli::test
