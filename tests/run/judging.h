#pragma once

// Suites with judges, and judges that answer, for tests in virtual time.

#include "fakes.h"

#include <faceoff/doc/reader.h>
#include <faceoff/score/asking.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faceoff::run::test {

inline suite::ScorerSpecPtr scorer_spec(std::string name, std::string_view options) {
  suite::ScorerSpec spec;
  spec.name = std::move(name);
  spec.source = std::make_shared<const doc::Source>(
      doc::Source{.name = "options.yaml", .text = std::string(options)});
  doc::Diagnostics mistakes;
  if (!options.empty()) {
    spec.options = doc::parse_yaml(spec.source, mistakes).value_or(doc::Node{});
  }
  return std::make_shared<const suite::ScorerSpec>(std::move(spec));
}

inline FakeSuite::Make judged_cases(std::vector<suite::ScorerSpecPtr> scorers) {
  return [scorers = std::move(scorers)](std::uint64_t number) {
    suite::Case item = simple_case(number);
    item.scorers = scorers;
    return item;
  };
}

// A backend whose wire carries the whole request, so that a script can read the judge's rules.
class TalkingBackend final : public NamedBackend {
 public:
  explicit TalkingBackend(std::string name, bool local = true)
      : NamedBackend(std::move(name), local) {}
  [[nodiscard]] Result<net::HttpRequest> encode(const chat::Request& request) const override {
    net::HttpRequest http = empty_request();
    for (const auto& message : request.messages) {
      http.body += message.text + "\n";
    }
    return http;
  }
  // A body is the whole answer.
  class WholeDecoder final : public backend::Decoder {
   public:
    void on_headers(int status, const net::HeaderList& /*headers*/) override { status_ = status; }
    void on_bytes(std::string_view bytes,
                  TimePoint at,
                  std::vector<chat::StreamEvent>& events) override {
      body_ += bytes;
      events.push_back({.what = chat::EventClass::content, .at = at, .characters = 1});
    }
    backend::Reply finish(const std::optional<backend::Failure>& transport_failure,
                          TimePoint /*at*/,
                          UtcTime /*now*/,
                          std::vector<chat::StreamEvent>& /*events*/) override {
      backend::Reply reply;
      reply.completion.text = body_;
      reply.completion.finish = chat::Finish::stop;
      reply.completion.model = "talker";
      reply.completion.usage.prompt_tokens = 100;
      reply.completion.usage.completion_tokens = 10;
      if (transport_failure) {
        reply.failure = transport_failure;
      } else if (status_ != 200) {
        backend::Failure failure;
        failure.http_status = status_;
        failure.message = body_;
        failure.kind =
            status_ == 401 ? backend::FailureKind::auth : backend::FailureKind::bad_request;
        failure.retry = status_ == 401 ? backend::Retry::stop_backend : backend::Retry::no;
        reply.failure = failure;
      }
      return reply;
    }

   private:
    int status_ = 0;
    std::string body_;
  };
  [[nodiscard]] std::unique_ptr<backend::Decoder> decoder() const override {
    return std::make_unique<WholeDecoder>();
  }
};

inline Steps whole(std::string body, int status = 200, Duration after = 50ms) {
  return {{1ms, net::Ready{}},
          {2ms, net::Headers{.status = status, .headers = {}}},
          {after, net::Bytes{std::move(body)}},
          {after, net::Finished{}}};
}

// The word behind `before` in a judge's rules, up to `end`.
inline std::string between(std::string_view text, std::string_view before, std::string_view end) {
  const auto at = text.rfind(before);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = text.substr(at + before.size());
  return std::string(rest.substr(0, rest.find(end)));
}

// What a judge that follows its rules replies.
inline std::string verdict_reply(std::string_view prompt, std::string_view verdict) {
  return R"({"check": ")" + between(prompt, R"("check": ")", "\"") +
         R"(", "reason": "because", "verdict": ")" + std::string(verdict) + R"("})";
}

// The text of a part of the material, still as a JSON string.
inline std::string part(std::string_view prompt, std::string_view name) {
  return between(prompt, std::string(name) + ">>\n", "\n<<");
}

class FakeQuestions final : public store::Questions {
 public:
  void learn(const std::vector<store::Record>& records) {
    std::ranges::copy_if(records, std::back_inserter(records_), [](const store::Record& record) {
      return record.asked_for.has_value() && !record.error;
    });
  }
  [[nodiscard]] Result<std::optional<store::Record>> find(const store::QuestionKey& key) override {
    for (const auto& record : records_) {
      if (record.digest == key.digest && record.case_id == key.case_id &&
          record.repeat == key.repeat && record.asked_for->backend == key.backend &&
          record.asked_for->opponent == key.opponent && record.backend == key.judge) {
        return std::optional(record);
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<store::Record> records_;
};

// The last record of each trial, questions left out.
inline std::map<std::pair<std::string, std::string>, store::Record> trials_of(
    const std::vector<store::Record>& records) {
  std::map<std::pair<std::string, std::string>, store::Record> trials;
  for (const auto& record : records) {
    if (!record.asked_for) {
      trials.insert_or_assign({record.case_id, record.backend}, record);
    }
  }
  return trials;
}

}  // namespace faceoff::run::test
